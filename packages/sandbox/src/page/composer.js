import { html } from "htm/preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { act } from "./api.js";
import { Avatar } from "./avatar.js";
import { Icon } from "./icon.js";
import { editorOf } from "./state.js";

/** @import { Mode, Pane } from "./state.js" */

/** Where somebody of the place writes, answers or edits. @param {{ pane: Pane }} props */
export function Composer({ pane }) {
  const { view, speaker } = pane;
  const mode = pane.mode.value;
  const speakerName = view.people.find(({ id }) => id === speaker.value)?.name ?? "";
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const draft = useRef("");
  useLayoutEffect(() => turnTo(mode, field.current, draft), [mode]);

  const cancel = () => {
    if (field.current && mode.kind === "edit") write(field.current, draft.current);
    pane.mode.value = { kind: "new" };
  };

  const send = async () => {
    const input = field.current;
    const text = input?.value.trim() ?? "";
    if (!input || text === "") return;
    write(input, mode.kind === "edit" ? draft.current : "");
    pane.mode.value = { kind: "new" };
    if (!(await perform(pane, mode, text)) && input.value === "") write(input, text);
  };

  /** @param {KeyboardEvent} event */
  const onKeyDown = event => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    } else if (event.key === "Escape" && mode.kind !== "new") cancel();
    else if (event.key === "ArrowUp" && field.current?.value === "" && mode.kind === "new") {
      const last = pane.said.value.findLast(said => editorOf(pane, said)?.id === speaker.value);
      if (!last) return;
      event.preventDefault();
      pane.mode.value = { kind: "edit", said: last };
    }
  };

  return html`
    <form
      class="composer" autocomplete="off"
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void send();
      }}
    >
      <${Speakers} pane=${pane} />
      ${mode.kind !== "new" && html`<${Purpose} mode=${mode} onCancel=${cancel} />`}
      <div class="field">
        <textarea
          id=${`write-${view.name}`} rows="1" ref=${field} enterkeyhint="send"
          aria-label=${`Message ${view.channel} on ${view.title}`} placeholder=${`Write as ${speakerName}`}
          onKeyDown=${onKeyDown} onInput=${() => grow(field.current)}
        ></textarea>
        <button type="submit" aria-label=${mode.kind === "edit" ? "Save" : "Send"}>
          <${Icon} name=${mode.kind === "edit" ? "check" : "send"} />
        </button>
      </div>
    </form>
  `;
}

/** @param {{ pane: Pane }} props */
function Speakers({ pane: { view, speaker } }) {
  return html`
    <fieldset class="speakers">
      <legend class="unseen">Speak as</legend>
      ${view.people.map(
        ({ id, name }) => html`
          <label key=${id}>
            <input
              type="radio" class="unseen" name=${`speaker-${view.name}`} value=${id} checked=${speaker.value === id}
              onChange=${() => {
                speaker.value = id;
              }}
            />
            <${Avatar} name=${name} /><span>${name}</span>
          </label>
        `,
      )}
    </fieldset>
  `;
}

/** @param {{ mode: Exclude<Mode, { kind: "new" }>, onCancel: () => void }} props */
function Purpose({ mode, onCancel }) {
  return html`
    <p class="purpose">
      <${Icon} name=${mode.kind} />
      <span>${mode.kind === "edit" ? "Editing" : "Replying to"} <b>${mode.said.author}</b> ${mode.said.text}</span>
      <button type="button" aria-label="Cancel (Escape)" onClick=${onCancel}><${Icon} name="close" /></button>
    </p>
  `;
}

/**
 * @param {Pane} pane
 * @param {Mode} mode
 * @param {string} text
 */
function perform(pane, mode, text) {
  const { name: place, title } = pane.view;
  const person = pane.speaker.value;
  if (mode.kind === "new") return act("say", title, { place, person, text });
  const { id } = mode.said;
  if (mode.kind === "reply") return act("say", title, { place, person, text, replyTo: id });
  return act("edit", title, { place, person: editorOf(pane, mode.said)?.id ?? person, id, text });
}

/**
 * Makes the field ready for what it is now for; what was being written waits while a message is edited.
 * @param {Mode} mode
 * @param {HTMLTextAreaElement | null} field
 * @param {{ current: string }} draft
 */
function turnTo(mode, field, draft) {
  if (!field || mode.kind === "new") return;
  if (mode.kind === "edit") {
    draft.current = field.value;
    write(field, mode.said.text);
  }
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

/** @param {HTMLTextAreaElement} field @param {string} text */
function write(field, text) {
  field.value = text;
  grow(field);
}

/** As high as its lines. @param {HTMLTextAreaElement | null} field */
function grow(field) {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
