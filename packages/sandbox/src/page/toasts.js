import { html } from "htm/preact";
import { Icon } from "./icon.js";
import { dismiss, toasts } from "./state.js";

/** What was refused, for as long as it takes to read. */
export function Toasts() {
  return html`
    <div class="toasts" role="alert">
      ${toasts.value.map(
        ({ id, text }) => html`
          <p key=${id} class="toast">
            <span>${text}</span>
            <button type="button" aria-label="Dismiss" onClick=${() => dismiss(id)}><${Icon} name="close" /></button>
          </p>
        `,
      )}
    </div>
  `;
}
