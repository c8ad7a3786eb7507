import { html } from "htm/preact";
import { Icon } from "./icon.js";
import { activeTab, newestOf, panes, showTab } from "./state.js";

/** @import { Pane } from "./state.js" */

/** The windows of a phone, one at a time. */
export function Tabs() {
  /** @param {KeyboardEvent} event */
  const onKeyDown = event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const names = panes.value.map(({ view }) => view.name);
    const next = names.at((names.indexOf(activeTab.value) + step) % names.length) ?? "";
    showTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return html`
    <nav>
      <div class="tabs" role="tablist" aria-label="Networks" onKeyDown=${onKeyDown}>
        ${panes.value.map(pane => html`<${Tab} key=${pane.view.name} pane=${pane} />`)}
      </div>
    </nav>
  `;
}

/** @param {{ pane: Pane }} props */
function Tab({ pane: { view, said, readUntil } }) {
  const isActive = activeTab.value === view.name;
  const unread = !isActive && newestOf(said.value) > readUntil.value;
  return html`
    <button
      type="button" role="tab" id=${`tab-${view.name}`} data-look=${view.look}
      aria-selected=${isActive} aria-controls=${`pane-${view.name}`} tabindex=${isActive ? 0 : -1}
      onClick=${() => showTab(view.name)}
    >
      <${Icon} name=${view.look} /><span>${view.title}</span>
      ${unread && html`<i class="dot"><span class="unseen">new messages</span></i>`}
    </button>
  `;
}
