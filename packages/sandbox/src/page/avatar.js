import { html } from "htm/preact";

/** A colour for each name, the same in every window. @param {string} name */
export function hueOf(name) {
  return Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
}

/**
 * The first letter of the name. The networks' own pictures stay out: most stand-ins have none, and the page shall load
 * nothing but itself.
 * @param {{ name: string }} props
 */
export function Avatar({ name }) {
  const letter = name.match(/\p{L}|\p{N}/u)?.[0].toUpperCase() ?? "?";
  return html`<span class="avatar" style=${{ "--hue": hueOf(name) }} aria-hidden="true">${letter}</span>`;
}
