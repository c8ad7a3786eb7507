import type { Shown } from "@fanin/core/contract";
import { PART, textOf, tokenOf } from "./faulty-network.ts";
import { keys, movable, rooted } from "./places.ts";
import type { Said, Story } from "./story.ts";

/** What is wrong with how a story ended, in words; nothing where every promise was kept. */
export async function judge(story: Story): Promise<string[]> {
  const shown = new Map(keys.map(key => [key, story.channel(key)?.shown() ?? []]));
  return [
    ...story.said.flatMap(said => keys.flatMap(key => wrongCopies(story, said, key, shown.get(key) ?? []))),
    ...keys.flatMap(key => wrongOrder(story, key, shown.get(key) ?? [])),
    ...keys.flatMap(key => wrongAnswers(story, key, shown.get(key) ?? [])),
    ...(await wrongStore(story)),
  ];
}

function wrongCopies(story: Story, said: Said, key: string, shown: readonly Shown[]): string[] {
  const from = keyOf(said);
  const found = shown.filter(({ text }) => tokenOf(text) === said.token).map(({ text }) => text);
  const whole = said.isDeleted ? "" : textOf(said.token, said.version, said.parts);
  if (key === from) return same(found, whole ? [whole] : []) ? [] : [`${said.token} came back to ${key}: ${found}`];
  if (new Set(found).size < found.length) return [`${said.token} is doubled on ${key}: ${found}`];
  const { membership } = story;
  const rooms = [...rooted.keys()];
  if (!rooms.some(room => membership.wasIn(from, room, said.at) && membership.wasIn(key, room, said.at))) {
    return found.length > 0 ? [`${said.token} of ${from} is on ${key}, which is in no room with it`] : [];
  }
  if (!mustReach(story, said, key)) return [];
  const expected = whole.match(new RegExp(`.{1,${PART}}`, "g")) ?? [];
  return same(found, expected) ? [] : [`${said.token} of ${from} on ${key} is ${show(found)}, not ${show(expected)}`];
}

/** Creations of one channel come in their order; answers may have stepped aside. */
function wrongOrder(story: Story, key: string, shown: readonly Shown[]): string[] {
  const firstParts = shown.map(({ text }) => (text.split(" ")[2] === "0" ? tokenOf(text) : undefined));
  return keys.flatMap(from => {
    const found = story.said
      .filter(said => keyOf(said) === from && !said.answers && mustReach(story, said, key))
      .map(({ token }) => ({ token, at: firstParts.indexOf(token) }))
      .filter(({ at }) => at >= 0);
    return found.flatMap(({ at, token }, index) => {
      const before = found[index - 1];
      return before && before.at > at ? [`${token} of ${from} stands before ${before.token} on ${key}`] : [];
    });
  });
}

function wrongAnswers(story: Story, key: string, shown: readonly Shown[]): string[] {
  const texts = new Map(shown.map(({ id, text }) => [id, text]));
  return shown.flatMap(({ replyTo, text }) => {
    const said = story.said.find(({ token }) => token === tokenOf(text));
    const target = replyTo === undefined ? undefined : texts.get(replyTo);
    if (!said?.answers || !target || tokenOf(target) === said.answers) return [];
    return [`${said.token} on ${key} answers ${tokenOf(target)}, not ${said.answers}`];
  });
}

/** Nothing waits, and nothing was given up but what was refused for good and what waited for a channel that left. */
async function wrongStore({ memory, networks, said }: Story): Promise<string[]> {
  const lanes = (await memory.stats()).filter(({ waiting, parked }) => waiting + parked > 0);
  const gaps = (await memory.gaps()).filter(gap => !movable.some(key => key === gap));
  const dead = (await memory.dead()).filter(({ delivery }) => {
    if (movable.some(key => key === delivery.lane)) return false;
    const about = said.find(
      one =>
        one.id === delivery.source.message && keyOf(one) === `${delivery.source.network}:${delivery.source.channel}`,
    );
    return ![...networks.values()].some(({ refused }) => refused.has(`${delivery.lane} ${about?.token}`));
  });
  return [
    ...lanes.map(({ lane, parked, waiting }) => `${lane} still holds ${waiting} waiting, ${parked} parked`),
    ...gaps.map(key => `the gap of ${key} is open`),
    ...dead.map(({ delivery, reason }) => `${delivery.kind} for ${delivery.lane} was buried: ${reason}`),
  ];
}

/** Both channels were in one room since before it was said, and the network took it. */
function mustReach({ membership, networks }: Story, said: Said, key: string): boolean {
  if ([...networks.values()].some(({ refused }) => refused.has(`${key} ${said.token}`))) return false;
  return [...rooted.keys()].some(
    room => membership.isIn(keyOf(said), room, said.at) && membership.isIn(key, room, said.at),
  );
}

function keyOf({ channel }: Said): string {
  return `${channel.channel.network}:${channel.channel.channel}`;
}

function same(found: readonly string[], expected: readonly string[]): boolean {
  return found.toSorted().join("\n") === expected.toSorted().join("\n");
}

function show(texts: readonly string[]): string {
  return JSON.stringify(texts.map(text => text.replaceAll(".", "")));
}
