import { html } from "htm/preact";
import { useState } from "preact/hooks";

/** A colour for each name, the same in every window. */
export function hueOf(/** @type {string} */ name) {
  return Array.from(name).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 7);
}

/**
 * The picture that the network shows, where it is on this machine and somebody's own; else the first letter of the name.
 * @param {{ name: string, url?: string | undefined }} props
 */
export function Avatar({ name, url }) {
  const [broken, setBroken] = useState("");
  const letter = name.match(/\p{L}|\p{N}/u)?.[0].toUpperCase() ?? "?";
  const picture = url !== undefined && url !== broken && isPicture(url) ? url : undefined;
  return html`
    <span class="avatar" style=${{ "--hue": hueOf(name) }} aria-hidden="true">
      ${picture ? html`<img src=${picture} alt="" onError=${() => setBroken(picture)} />` : letter}
    </span>
  `;
}

/** @param {string} url */
function isPicture(url) {
  return url.startsWith("http://127.0.0.1:") && !url.includes("/embed/avatars/");
}
