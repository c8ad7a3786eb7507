import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import { Composer } from "./composer.js";
import { Icon } from "./icon.js";
import { MessageLog } from "./message-log.js";
import { isPhone, newestOf } from "./state.js";

/** @import { Pane } from "./state.js" */

/** @param {{ pane: Pane, isShown: boolean }} props */
export function PaneWindow({ pane, isShown }) {
  const { view, said, readUntil } = pane;
  const newest = newestOf(said.value);
  useEffect(() => {
    if (isShown) readUntil.value = newest;
  }, [isShown, newest]);
  const role = isPhone.value
    ? { role: "tabpanel", "aria-labelledby": `tab-${view.name}` }
    : { "aria-label": view.title };
  return html`
    <section class="pane" id=${`pane-${view.name}`} data-place=${view.name} data-look=${view.look} hidden=${!isShown} ...${role}>
      <header class="title">
        <${Icon} name=${view.look} />
        <h2>${view.title}</h2>
        <span class="channel">${view.channel}</span>
      </header>
      <${MessageLog} pane=${pane} />
      <${Composer} pane=${pane} />
    </section>
  `;
}
