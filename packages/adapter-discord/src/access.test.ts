import { describe, expect, test } from "vitest";
import { permissionsIn, readHistory, viewChannel } from "./access.ts";

const guild = "100000000000000000";
const role = "200000000000000000";
const bot = "300000000000000000";
const both = (viewChannel | readHistory).toString();

function permissions(options: {
  everyone?: bigint;
  roleBits?: bigint;
  overwrites?: [string, bigint, bigint][];
}): bigint {
  const { everyone = 0n, roleBits = 0n, overwrites = [] } = options;
  const roles = [
    { id: guild, name: "@everyone", permissions: everyone.toString() },
    { id: role, name: "bots", permissions: roleBits.toString() },
    { id: "999", name: "others", permissions: both },
  ];
  const permission_overwrites = overwrites.map(([id, allow, deny]) => ({
    id,
    type: id === bot ? 1 : 0,
    allow: allow.toString(),
    deny: deny.toString(),
  }));
  return permissionsIn({ permission_overwrites }, { id: guild, owner_id: "1", roles }, { id: bot, roles: [role] });
}

describe("what the bot may do in a channel", () => {
  test("is what its roles allow together, and no other's", () => {
    expect(permissions({ everyone: viewChannel, roleBits: readHistory })).toBe(viewChannel | readHistory);
    expect(permissions({})).toBe(0n);
  });
  test("may be taken from everybody and given back to its role", () => {
    const hidden: [string, bigint, bigint] = [guild, 0n, viewChannel];
    expect(permissions({ everyone: viewChannel, overwrites: [hidden] })).toBe(0n);
    expect(permissions({ everyone: viewChannel, overwrites: [[role, viewChannel, 0n], hidden] })).toBe(viewChannel);
  });
  test("is decided last by what is said of the bot itself", () => {
    const overwrites: [string, bigint, bigint][] = [
      [bot, 0n, viewChannel],
      [role, viewChannel, 0n],
    ];
    expect(permissions({ overwrites })).toBe(0n);
  });
  test("is everything for an administrator", () => {
    const all = permissions({ roleBits: 1n << 3n, overwrites: [[bot, 0n, viewChannel]] });
    expect(all & viewChannel & all).not.toBe(0n);
  });
});
