import { useSignal } from "@preact/signals";
import { html } from "htm/preact";
import { useRef } from "preact/hooks";
import { act } from "./api.js";
import { Icon } from "./icon.js";
import { Message } from "./message.js";
import { editorOf } from "./state.js";
import { useEnd } from "./use-end.js";

/** @import { Pane } from "./state.js" */
/** @import { Said } from "../place.ts" */

/** Messages by one person this close together stand under one name. */
const GROUP_MS = 300_000;
/** What was said, newest at the bottom: stays there unless somebody scrolled up. @param {{ pane: Pane }} props */
export function MessageLog({ pane }) {
  const { view } = pane;
  const said = pane.said.value;
  const log = useRef(/** @type {HTMLElement | null} */ (null));
  const end = useEnd(log, said);
  const current = useSignal("");
  const doomed = useSignal("");
  const focusable = said.some(({ id }) => id === current.value) ? current.value : said.at(-1)?.id;

  /** @param {Said} message */
  const remove = async message => {
    const person = editorOf(pane, message)?.id;
    if (person === undefined) return;
    const neighbour = said[said.indexOf(message) - 1] ?? said[said.indexOf(message) + 1];
    doomed.value = "";
    focusMessage(log.current, neighbour?.id);
    await act("remove", view.title, { place: view.name, person, id: message.id });
  };

  /** @param {Said} message @param {string} action */
  const onAction = (message, action) => {
    if (action === "reply") pane.mode.value = { kind: "reply", said: message };
    else if (editorOf(pane, message) === undefined) return;
    else if (action === "edit") pane.mode.value = { kind: "edit", said: message };
    else if (action === "remove") doomed.value = message.id;
    else if (action === "confirm") void remove(message);
    if (action === "keep") {
      doomed.value = "";
      focusMessage(log.current, message.id);
    }
  };

  return html`
    <div class="scroller">
      <div class="log" role="log" aria-label=${`Messages on ${view.title}`} aria-live="polite" ref=${log}
        onScroll=${end.onScroll}
        onKeyDown=${(/** @type {KeyboardEvent} */ event) => walk(event, log.current)}
        onFocusIn=${(/** @type {FocusEvent} */ event) => {
          current.value = messageAt(event.target)?.dataset["message"] ?? current.value;
        }}
      >
        <div class="messages">
          ${said.length === 0 && html`<p class="empty">Nothing said yet. Be the first: write below.</p>`}
          ${said.map(
            (message, index) => html`
              <${Message}
                key=${message.id} pane=${pane} said=${message} isGrouped=${isGrouped(said[index - 1], message)}
                isFocusable=${message.id === focusable} isDoomed=${message.id === doomed.value}
                answered=${said.find(({ id }) => id === message.replyTo && id !== message.id)}
                onAction=${onAction} onShow=${(/** @type {string} */ id) => focusMessage(log.current, id)}
              />
            `,
          )}
        </div>
      </div>
      ${
        end.missed.value > 0 &&
        html`<button type="button" class="chip" onClick=${end.jump}>
          <${Icon} name="down" />${end.missed.value === 1 ? "1 new message" : `${end.missed.value} new messages`}
        </button>`
      }
    </div>
  `;
}

/**
 * Up, down, Home and End move from message to message.
 * @param {KeyboardEvent} event
 * @param {HTMLElement | null} log
 */
function walk(event, log) {
  const from = messageAt(event.target);
  if (!log || !from || from !== event.target) return;
  const all = [...log.querySelectorAll("[data-message]")].filter(each => each instanceof HTMLElement);
  const at = all.indexOf(from);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  all[Math.max(0, Math.min(to, all.length - 1))]?.focus();
}

/** @param {EventTarget | null} target @returns {HTMLElement | undefined} */
function messageAt(target) {
  const message = target instanceof Element ? target.closest("[data-message]") : undefined;
  return message instanceof HTMLElement ? message : undefined;
}

/** @param {HTMLElement | null} log @param {string | undefined} id */
function focusMessage(log, id) {
  const message = [...(log?.querySelectorAll("[data-message]") ?? [])].find(
    each => messageAt(each)?.dataset["message"] === id,
  );
  messageAt(message ?? null)?.focus();
}

/** @param {Said | undefined} before @param {Said} message */
function isGrouped(before, message) {
  const isAlike = before?.author === message.author && before.relayed === message.relayed;
  return isAlike && message.replyTo === undefined && message.at - before.at < GROUP_MS;
}
