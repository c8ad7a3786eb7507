import { type ChannelRef, type Finding, type Inbox, type NetworkState, plainText, type RelayEvent } from "@fanin/core";

/** An inbox that writes down what it is told; `answer` says what becomes of an event. */
export class Recorder implements Inbox {
  readonly events: RelayEvent[] = [];
  readonly losses: [ChannelRef, Finding][] = [];
  readonly states: NetworkState[] = [];
  missedCount = 0;
  answer: (event: RelayEvent) => Promise<void> = () => Promise.resolve();

  async accept(event: RelayEvent): Promise<void> {
    this.events.push(event);
    await this.answer(event);
  }

  missed(): void {
    this.missedCount += 1;
  }

  lost(channel: ChannelRef, finding: Finding): void {
    this.losses.push([channel, finding]);
  }

  report(state: NetworkState): void {
    this.states.push(state);
  }

  /** What was said, in the order it was taken in, without markup. */
  get texts(): string[] {
    return this.events.map(textOf);
  }
}

export function textOf(event: RelayEvent): string {
  if (event.type === "deleted") return "(deleted)";
  return plainText(event.type === "created" ? event.message.content : event.content);
}
