import { html } from "htm/preact";
import { JourneyStrip } from "./journey-strip.js";
import { PaneWindow } from "./pane-window.js";
import { activeTab, connection, isPhone, panes } from "./state.js";
import { Tabs } from "./tabs.js";
import { Toasts } from "./toasts.js";

export function App() {
  return html`
    <${Masthead} />
    ${isPhone.value && html`<${Tabs} />`}
    <main>
      ${panes.value.length === 0 && html`<p class="waiting">Opening the windows …</p>`}
      ${panes.value.map(
        pane => html`
          <${PaneWindow} key=${pane.view.name} pane=${pane} isShown=${!isPhone.value || activeTab.value === pane.view.name} />
        `,
      )}
    </main>
    <${JourneyStrip} />
    <${Toasts} />
  `;
}

const states = { connecting: "Connecting …", live: "Live", lost: "Connection lost, trying again …" };

function Masthead() {
  return html`
    <header class="masthead">
      <h1><img src="/page/icon.svg" alt="" width="28" height="28" />fanin</h1>
      <p>
        <strong>${counted(panes.value.length)}, one conversation.</strong> Type in any window, read it in the others.${" "}
        <span class="local">A real relay between stand-ins; all of it on this machine.</span>
      </p>
      <p class="keys" aria-hidden="true">
        <kbd>Enter</kbd> send <kbd>↑</kbd> last message <kbd>R</kbd> reply <kbd>E</kbd> edit <kbd>Del</kbd> delete
      </p>
      <p class="connection" role="status" data-state=${connection.value}>${states[connection.value]}</p>
    </header>
  `;
}

/** @param {number} count */
function counted(count) {
  return count === 5 || count === 0 ? "Five networks" : `${count} networks`;
}
