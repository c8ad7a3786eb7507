import { computed, signal } from "@preact/signals";

/** @import { ReadonlySignal, Signal } from "@preact/signals" */
/** @import { Person, Said } from "../place.ts" */
/** @import { Journey, LiveEvent, WindowView } from "../page-server/wire.ts" */

/**
 * What the composer is for.
 * @typedef {{ kind: "new" } | { kind: "reply" | "edit", said: Said }} Mode
 */

/**
 * One window: what the server says of it, and what the person at the screen is doing in it.
 * @typedef {object} Pane
 * @property {WindowView} view
 * @property {Signal<readonly Said[]>} said
 * @property {Signal<string>} speaker The person's id.
 * @property {Signal<Mode>} mode
 * @property {Signal<number>} readUntil Wall-clock milliseconds of the newest message that somebody looked at.
 */

/** @type {Signal<readonly Pane[]>} */
export const panes = signal([]);

/** @type {Signal<Journey | undefined>} */
export const journey = signal(undefined);

/** @type {Signal<"connecting" | "live" | "lost">} */
export const connection = signal("connecting");

/** @type {Signal<readonly { id: number, text: string }[]>} */
export const toasts = signal([]);

const phone = matchMedia("(max-width: 799px)");
export const isPhone = signal(phone.matches);
phone.addEventListener("change", () => {
  isPhone.value = phone.matches;
});

/** The tab that a phone shows; the first until somebody chooses. */
const chosen = signal("");
/** @type {ReadonlySignal<string>} */
export const activeTab = computed(() => chosen.value || (panes.value[0]?.view.name ?? ""));

/** @param {string} name */
export function showTab(name) {
  chosen.value = name;
}

/** @param {LiveEvent} event */
export function apply(event) {
  if (event.type === "journey") journey.value = event.journey;
  else if (event.type === "windows") panes.value = event.windows.map(view => kept(view) ?? createPane(view));
  else {
    const pane = panes.value.find(({ view }) => view.name === event.name);
    if (pane) pane.said.value = event.said;
  }
}

/**
 * The pane as it was before the connection was lost, with the draft in it.
 * @param {WindowView} view
 */
function kept(view) {
  const pane = panes.value.find(each => each.view.name === view.name);
  if (!pane) return undefined;
  pane.said.value = view.said;
  return { ...pane, view };
}

/**
 * @param {WindowView} view
 * @returns {Pane}
 */
function createPane(view) {
  return {
    view,
    said: signal(view.said),
    speaker: signal(view.people[0]?.id ?? ""),
    mode: signal(/** @type {Mode} */ ({ kind: "new" })),
    readUntil: signal(newestOf(view.said)),
  };
}

/**
 * Whoever of this window's people said it; nobody where it came over a relay.
 * @param {Pane} pane
 * @param {Said} said
 * @returns {Person | undefined}
 */
export function ownerOf({ view }, said) {
  return said.relayed ? undefined : view.people.find(({ name }) => name === said.author);
}

/**
 * Its owner, where the network lets them change it.
 * @param {Pane} pane
 * @param {Said} said
 */
export function editorOf(pane, said) {
  return pane.view.canEdit ? ownerOf(pane, said) : undefined;
}

/**
 * When the last message came; milliseconds.
 * @param {readonly Said[]} said
 */
export function newestOf(said) {
  return said.at(-1)?.at ?? 0;
}

let toastCount = 0;

/** @param {string} text */
export function toast(text) {
  toastCount += 1;
  const id = toastCount;
  toasts.value = [...toasts.value.slice(-2), { id, text }];
  setTimeout(dismiss, 8000, id);
}

/** @param {number} id */
export function dismiss(id) {
  toasts.value = toasts.value.filter(each => each.id !== id);
}
