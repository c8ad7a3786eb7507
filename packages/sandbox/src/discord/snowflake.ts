const discordEpoch = 1_420_070_400_000;

/** Makes ids as Discord does: 17–19 digits, strictly increasing, the wall-clock millisecond in the upper bits. */
export function createSnowflakes(): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(Date.now() - discordEpoch) << 22n;
    last = now > last ? now : last + 1n;
    return last.toString();
  };
}

/** The wall-clock milliseconds at which an id was made. */
export function madeAt(id: string): number {
  return Number(BigInt(id) >> 22n) + discordEpoch;
}

/** Orders ids by age, oldest first. */
export function byAge(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
