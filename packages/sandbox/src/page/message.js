import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { Avatar, hueOf } from "./avatar.js";
import { Icon } from "./icon.js";
import { editorOf } from "./state.js";

/** @import { Pane } from "./state.js" */
/** @import { Said } from "../place.ts" */

/**
 * @typedef {object} Props
 * @property {Pane} pane
 * @property {Said} said
 * @property {Said | undefined} answered
 * @property {boolean} isGrouped Stands under the name of the message before it.
 * @property {boolean} isFocusable One message of a window takes part in the order of tabs.
 * @property {boolean} isDoomed Somebody is being asked whether to delete it.
 * @property {(said: Said, action: string) => void} onAction
 * @property {(id: string) => void} onShow
 */

/** @type {Readonly<Record<string, string>>} */
const keys = { r: "reply", R: "reply", e: "edit", E: "edit", Delete: "remove", Backspace: "remove" };

/** @param {Props} props */
export function Message({ pane, said, answered, isGrouped, isFocusable, isDoomed, onAction, onShow }) {
  const canEdit = editorOf(pane, said) !== undefined;
  /** @param {KeyboardEvent} event */
  const onKeyDown = event => {
    const action = keys[event.key];
    const isOurs = event.target === event.currentTarget && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (action === undefined || !isOurs) return;
    event.preventDefault();
    onAction(said, action);
  };
  return html`
    <article
      class=${`message ${isGrouped ? "grouped" : ""}`} data-message=${said.id} tabindex=${isFocusable ? 0 : -1}
      aria-keyshortcuts=${canEdit ? "R E Delete" : "R"} style=${{ "--hue": hueOf(said.author) }} onKeyDown=${onKeyDown}
    >
      ${said.replyTo !== undefined && said.replyTo !== said.id && html`<${Answered} said=${answered} onShow=${onShow} />`}
      <div class="row">
        <${Avatar} name=${said.author} />
        <div class="body">
          <${Head} said=${said} look=${pane.view.look} />
          <p class="text">${said.text}${said.edited && html` <small class="edited">(edited)</small>`}</p>
        </div>
      </div>
      ${
        isDoomed
          ? html`<${Confirm} said=${said} onAction=${onAction} />`
          : html`<${Tools} said=${said} canEdit=${canEdit} onAction=${onAction} />`
      }
    </article>
  `;
}

/** Who and when, in the order that the network has it. @param {{ said: Said, look: string }} props */
function Head({ said, look }) {
  const author = html`<span class="author">${said.author}</span>`;
  if (look === "irc") return html`<span class="head">${time(said.at, "h23")} ${author} </span>`;
  return html`
    <div class="head">
      ${author}${said.relayed && look !== "matrix" && look !== "gitter" && html`<span class="badge">App</span>`}
      ${time(said.at)}
    </div>
  `;
}

/** @param {number} at @param {"h23"} [hourCycle] */
function time(at, hourCycle) {
  const shown = new Date(at).toLocaleTimeString([], {
    hour: hourCycle ? "2-digit" : "numeric",
    minute: "2-digit",
    ...(hourCycle && { hourCycle }),
  });
  return html`<time datetime=${new Date(at).toISOString()}>${shown}</time>`;
}

/** The message that this one answers. @param {{ said: Said | undefined, onShow: (id: string) => void }} props */
function Answered({ said, onShow }) {
  if (!said) return html`<p class="answered">an earlier message</p>`;
  return html`
    <button type="button" class="answered" tabindex="-1" onClick=${() => onShow(said.id)} style=${{ "--hue": hueOf(said.author) }}>
      <span class="unseen">in answer to</span><b>${said.author}</b> ${said.text}
    </button>
  `;
}

/** @param {{ said: Said, canEdit: boolean, onAction: Props["onAction"] }} props */
function Tools({ said, canEdit, onAction }) {
  const changes = canEdit ? ["edit", "remove"] : [];
  /** @type {Record<string, string>} */
  const labels = { reply: "Reply (R)", edit: "Edit (E)", remove: "Delete (Del)" };
  return html`
    <div class="tools" role="group" aria-label="Actions">
      ${["reply", ...changes].map(
        action => html`
          <button key=${action} type="button" aria-label=${labels[action]} title=${labels[action]} onClick=${() => onAction(said, action)}>
            <${Icon} name=${action} />
          </button>
        `,
      )}
    </div>
  `;
}

/** @param {{ said: Said, onAction: Props["onAction"] }} props */
function Confirm({ said, onAction }) {
  const yes = useRef(/** @type {HTMLButtonElement | null} */ (null));
  useLayoutEffect(() => yes.current?.focus(), []);
  /** @param {KeyboardEvent} event */
  const onKeyDown = event => {
    if (event.key === "Escape") onAction(said, "keep");
  };
  return html`
    <div class="confirm" role="alertdialog" aria-label="Delete this message?" onKeyDown=${onKeyDown}>
      <span>Delete this message?</span>
      <button type="button" class="danger" ref=${yes} onClick=${() => onAction(said, "confirm")}>Delete</button>
      <button type="button" onClick=${() => onAction(said, "keep")}>Keep</button>
    </div>
  `;
}
