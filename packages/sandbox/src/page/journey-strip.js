import { html } from "htm/preact";
import { Icon } from "./icon.js";
import { journey, panes } from "./state.js";

/** @import { Stop } from "../page-server/wire.ts" */

const verbs = { created: "said", edited: "edited", deleted: "deleted" };
const words = { waiting: "on its way", delivered: "delivered", seen: "seen", failed: "not delivered" };

/** The way of the last message: planned, on disk, delivered; each with the milliseconds since it was said. */
export function JourneyStrip() {
  const way = journey.value;
  if (!way) {
    return html`
      <footer class="journey" aria-label="The way of the last message">
        <p class="hint">Say something: here you see it planned, written to disk and delivered, with the milliseconds.</p>
      </footer>
    `;
  }
  return html`
    <footer class="journey" aria-label="The way of the last message">
      <p class="subject" data-look=${windowOf(way.place)?.look}>
        <span class="from"><b>${way.author}</b> ${verbs[way.change]} on ${windowOf(way.place)?.title ?? way.place}</span>
        <span class="excerpt">${way.text}</span>
      </p>
      <ol>
        <${Step} name="Planned" ms=${way.plannedMs} isDone=${way.plannedMs !== undefined} />
        <${Step} name="On disk" ms=${way.acceptedMs} isDone=${way.acceptedMs !== undefined} />
        ${inOrder(way.stops).map(stop => html`<${Arrival} key=${stop.place} stop=${stop} />`)}
      </ol>
    </footer>
  `;
}

/** @param {{ name: string, ms: number | undefined, isDone: boolean }} props */
function Step({ name, ms, isDone }) {
  return html`
    <li class="step" data-state=${isDone ? "delivered" : "waiting"}>
      <span class="name">${name}</span><span class="ms">${milliseconds(ms)}</span>
    </li>
  `;
}

/** @param {{ stop: Stop }} props */
function Arrival({ stop }) {
  const view = windowOf(stop.place);
  return html`
    <li class="step arrival" data-state=${stop.state} data-look=${view?.look} title=${stop.why ?? words[stop.state]}>
      <span class="name">
        ${view && html`<${Icon} name=${view.look} />`}
        <span class="place">${view?.title ?? stop.place}</span>
        <span class="unseen">${words[stop.state]}</span>
      </span>
      <span class="ms">${outcome(stop)}</span>
    </li>
  `;
}

/** @param {Stop} stop */
function outcome({ state, ms }) {
  if (state === "failed") return words.failed;
  return html`${state === "seen" && html`<span class="how">seen </span>`}${milliseconds(ms)}`;
}

/** @param {string} name */
function windowOf(name) {
  return panes.value.find(({ view }) => view.name === name)?.view;
}

/** @param {readonly Stop[]} stops */
function inOrder(stops) {
  const names = panes.value.map(({ view }) => view.name);
  return stops.toSorted((a, b) => names.indexOf(a.place) - names.indexOf(b.place));
}

/** @param {number | undefined} ms */
function milliseconds(ms) {
  if (ms === undefined) return "…";
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}
