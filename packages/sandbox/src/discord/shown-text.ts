import type { World } from "./world.ts";

// Paired signs; else one star, or one underscore that is not inside a word.
const emphasis =
  /(\*\*\*|\*\*|__|~~|\|\|)(?=\S)([\s\S]*?\S)\1|\*(?=\S)((?:\*\*|[^*])+?)(?<=\S)\*(?!\*)|(?<!\w)_((?:__|[^_])+?)_(?!\w)/;

/**
 * A message's text as people read it: Discord's markdown without its signs, mentions by name, code as it stands.
 * https://support.discord.com/hc/en-us/articles/210298617
 */
export function shownText(world: World, content: string): string {
  return content
    .split(/((?<!\\)```[\s\S]*?```|(?<![\\`])`[^`\n]+`)/)
    .map((piece, index) => (index % 2 === 1 ? code(piece) : prose(world, piece)))
    .join("");
}

function code(piece: string): string {
  if (!piece.startsWith("```")) return piece.slice(1, -1);
  return piece
    .slice(3, -3)
    .replace(/^(?:[\w+-]+\n|\n)/, "")
    .replace(/\n$/, "");
}

function prose(world: World, text: string): string {
  // Escaped signs wait out of sight until the others are gone.
  const escaped: string[] = [];
  const hidden = text.replaceAll(/\\([^A-Za-z0-9\s])/g, (_, sign: string) => `\uE000${escaped.push(sign) - 1}\uE000`);
  const lines = hidden
    .replaceAll(/^(?:>>> |> |#{1,3} |-# )/gm, "")
    .replaceAll(/\[([^\]]+)\]\(<?([^)\s>]+)>?\)/g, "$1")
    .replaceAll(/<(https?:\/\/[^\s>]+)>/g, "$1")
    .replaceAll(/<@!?(\d+)>/g, (whole, id: string) => named("@", displayName(world, id), whole))
    .replaceAll(/<@&(\d+)>/g, (whole, id: string) => named("@", world.roles.get(id)?.name, whole))
    .replaceAll(/<#(\d+)>/g, (whole, id: string) => named("#", world.channels.get(id)?.name, whole))
    .replaceAll(/<a?(:\w+:)\d+>/g, "$1")
    .replaceAll(/<t:(\d+)(?::\w)?>/g, (_, seconds: string) => new Date(Number(seconds) * 1000).toISOString());
  return withoutEmphasis(lines).replaceAll(/\uE000(\d+)\uE000/g, (_, index: string) => escaped[Number(index)] ?? "");
}

/** Addresses are left alone: underscores in them are no emphasis. */
function withoutEmphasis(text: string): string {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((piece, index) => (index % 2 === 1 ? piece : stripEmphasis(piece)))
    .join("");
}

function stripEmphasis(text: string): string {
  const match = emphasis.exec(text);
  if (!match) return text;
  const [whole, , paired, starred, underscored] = match;
  const inner = paired ?? starred ?? underscored ?? "";
  const before = text.slice(0, match.index);
  return before + stripEmphasis(inner) + stripEmphasis(text.slice(match.index + whole.length));
}

function named(sign: string, name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : sign + name.replace(/^@/, "");
}

/** The name the guild shows for somebody: nickname, else display name, else username. */
export function displayName(world: World, userId: string): string | undefined {
  const user = world.users.get(userId);
  return world.members.get(userId)?.nick ?? user?.globalName ?? user?.username;
}
