const discordEpoch = 1_420_070_400_000;

/** Discord's ids: 17 to 20 digits, the wall-clock millisecond in the upper bits. */
export function isSnowflake(text: string): boolean {
  return /^\d{17,20}$/.test(text);
}

/** Orders ids by age, oldest first. */
export function byAge(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

/** The youngest of the ids that are there. */
export function youngest(ids: Iterable<string | null | undefined>): string | undefined {
  return [...ids]
    .filter(id => typeof id === "string")
    .reduce<string | undefined>((best, id) => (best === undefined || byAge(id, best) > 0 ? id : best), undefined);
}

/** The wall-clock milliseconds at which the thing with this id was made. */
export function madeAt(id: string): number {
  return Number(BigInt(id) >> 22n) + discordEpoch;
}
