import type { Place } from "@fanin/sandbox";

/** So long a greeting may take to reach everybody before the next one is said all the same. */
const PATIENCE_MS = 3000;

const greetings = [
  { place: "slack", text: "Morning all! Still on Slack, and still in the same room as everybody." },
  { place: "discord", text: "Hi Ada, I read you on Discord" },
  { place: "irc", text: "o/ from IRC, where it is always 1999" },
  { place: "gitter", text: "Gitter here. Write in any window and watch it travel" },
] as const;

/** Lets somebody say hello in one place after the other, each when the last has been read everywhere. */
export async function greet(places: readonly Place[], signal: AbortSignal): Promise<void> {
  for (const { place: name, text } of greetings) {
    const place = places.find(each => each.name === name);
    const [person] = place?.people ?? [];
    if (!place || !person || signal.aborted) continue;
    await place.say(person.id, text);
    await readEverywhere(places, text, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
  }
}

async function readEverywhere(places: readonly Place[], text: string, signal: AbortSignal): Promise<void> {
  const done = Promise.withResolvers<void>();
  const look = (): void => {
    if (places.every(place => place.said().some(said => said.text.includes(text)))) done.resolve();
  };
  const stops = places.map(place => place.watch(look));
  signal.addEventListener("abort", () => done.resolve(), { once: true });
  look();
  await done.promise;
  for (const stop of stops) stop();
}
