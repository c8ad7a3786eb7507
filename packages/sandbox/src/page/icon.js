import { html } from "htm/preact";

/** Our own drawings on a grid of 16, in the text's colour. */
const paths = {
  slack: "M6 2 4.5 14M11.5 2 10 14M2.5 5.5h11.5M2 10.5h11.5",
  discord: "M2.5 3.5h11v7.5h-5L5 14v-3H2.5zM5.7 7.2h.1M8 7.2h.1M10.3 7.2h.1",
  gitter: "M3 3v6.5M6.3 5v8.5M9.7 5v8.5M13 3v6.5",
  matrix:
    "M4.5 2.5H2.5v11h2M11.5 2.5h2v11h-2M5.6 10.5V6.6M5.6 7.6c.6-1.3 2.4-1.3 2.4.2v2.7M8 7.8c.5-1.5 2.4-1.5 2.4.2v2.5",
  irc: "M3 4l4 4-4 4M8.5 12.5h5",
  reply: "M6.5 3.5 2.5 7.5l4 4M3 7.5h6.5a4 4 0 0 1 4 4v1",
  edit: "M2.5 13.5l.6-3L10.8 2.8l2.4 2.4-7.7 7.7zM9.3 4.3l2.4 2.4",
  remove: "M2.5 4.5h11M6 4V2.5h4V4M4 4.5l.7 9h6.6l.7-9M6.7 7v4M9.3 7v4",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  send: "M2.5 2.5 14 8 2.5 13.5 4.3 8zM4.3 8H9",
  down: "M8 3v9.5M3.8 8.5 8 12.7l4.2-4.2",
  check: "M3 8.5l3.5 3.5L13 4.5",
};

/** @param {{ name: keyof typeof paths }} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${paths[name]} /></svg>`;
}
