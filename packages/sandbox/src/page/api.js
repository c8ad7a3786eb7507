import { apply, connection, toast } from "./state.js";

/** @import { LiveEvent } from "../page-server/wire.ts" */

const RETRY_MS = 1000;

/** Holds the live stream open for as long as the page is. */
export function connect() {
  const source = new EventSource("/api/live");
  source.onmessage = ({ data }) => {
    connection.value = "live";
    apply(/** @type {LiveEvent} */ (JSON.parse(data))); // the server is of the same version as this page
  };
  source.onerror = () => {
    connection.value = "lost";
    source.close();
    setTimeout(connect, RETRY_MS);
  };
}

/**
 * Does something in a place; a refusal is shown, and answered with false.
 * @param {"say" | "edit" | "remove"} what
 * @param {string} title The window's, for the refusal.
 * @param {{ place: string, person: string, id?: string, text?: string, replyTo?: string }} body
 * @returns {Promise<boolean>}
 */
export async function act(what, title, body) {
  try {
    const headers = { "content-type": "application/json" };
    const response = await fetch(`/api/${what}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) toast(`${title}: ${await refusal(response)}`);
    return response.ok;
  } catch {
    toast(`${title}: the demo does not answer. Is it still running?`);
    return false;
  }
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function refusal(response) {
  try {
    return String((await response.json()).error);
  } catch {
    return `answered ${response.status}`;
  }
}
