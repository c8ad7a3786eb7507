export type LineKind = "privmsg" | "notice" | "action";

/** One line as everybody in the channel sees it, formatting codes included. */
export interface IrcLine {
  /** Running number in the channel. */
  readonly id: number;
  readonly nick: string;
  readonly kind: LineKind;
  readonly text: string;
  readonly at: number;
}

export type IrcEvent =
  | { readonly type: "line"; readonly line: IrcLine }
  | { readonly type: "kick"; readonly by: string; readonly nick: string; readonly reason: string }
  | { readonly type: "rank"; readonly nick: string; readonly rank: Rank }
  | { readonly type: "mode"; readonly mode: ChannelMode; readonly on: boolean };

/** Operator, voiced, or neither. */
export type Rank = "@" | "+" | "";
/** Moderated (only the voiced speak), invite only, secret. */
export type ChannelMode = "m" | "i" | "s";

/** One IRC channel: who is in it, what was said, and what its operators do. */
export class IrcChannel {
  readonly name: string;
  readonly lines: IrcLine[] = [];
  readonly #ranks = new Map<string, Rank>();
  readonly #banned = new Set<string>();
  readonly #modes = new Set<ChannelMode>();
  readonly #listeners = new Set<(event: IrcEvent) => void>();

  constructor(name: string) {
    this.name = name;
  }

  has(nick: string): boolean {
    return this.#ranks.has(nick);
  }

  rank(nick: string): Rank {
    return this.#ranks.get(nick) ?? "";
  }

  /** False where a ban or the mode keeps somebody out. */
  join(nick: string): boolean {
    if (this.has(nick)) return true;
    if (this.#banned.has(nick) || this.#modes.has("i")) return false;
    this.#ranks.set(nick, "");
    return true;
  }

  part(nick: string): void {
    this.#ranks.delete(nick);
  }

  /** The line, or undefined where the server does not let it through. */
  say(nick: string, text: string, kind: LineKind = "privmsg"): IrcLine | undefined {
    const silenced = this.#banned.has(nick) || this.#modes.has("m");
    if (!this.has(nick) || (silenced && this.rank(nick) === "")) return undefined;
    const line: IrcLine = { id: this.lines.length + 1, nick, kind, text, at: Date.now() };
    this.lines.push(line);
    this.#tell({ type: "line", line });
    return line;
  }

  kick(by: string, nick: string, reason = by): void {
    if (this.#ranks.delete(nick)) this.#tell({ type: "kick", by, nick, reason });
  }

  /** A ban does not remove who is inside; it only silences. */
  ban(nick: string): void {
    this.#banned.add(nick);
  }

  unban(nick: string): void {
    this.#banned.delete(nick);
  }

  setRank(nick: string, rank: Rank): void {
    if (!this.has(nick)) return;
    this.#ranks.set(nick, rank);
    this.#tell({ type: "rank", nick, rank });
  }

  setMode(mode: ChannelMode, on: boolean): void {
    if (on) this.#modes.add(mode);
    else this.#modes.delete(mode);
    this.#tell({ type: "mode", mode, on });
  }

  watch(heard: (event: IrcEvent) => void): () => void {
    this.#listeners.add(heard);
    return () => this.#listeners.delete(heard);
  }

  #tell(event: IrcEvent): void {
    for (const heard of this.#listeners) heard(event);
  }
}
