import { createDiscordAdapter } from "@fanin/adapter-discord";
import { createMatrixAdapter } from "@fanin/adapter-matrix";
import { createSlackAdapter } from "@fanin/adapter-slack";
import type { Rate } from "@fanin/core";
import { discordRates, matrixRates, slackRates } from "@fanin/sandbox";
import { expect, test } from "vitest";

/** How much a rate allows, whatever it is called: the two sides hold the same documents as data of their own. */
function allowances(rates: readonly Rate[]): string[] {
  return rates
    .map(({ amount, burst, intervalMs, per }) => `${amount} in ${intervalMs} ms per ${per}, ${burst ?? amount} at once`)
    .sort();
}

test("Slack's adapter and stand-in know the same rates", () => {
  const adapter = createSlackAdapter({ network: "slack", botToken: "xoxb-1", appToken: "xapp-1" });
  expect(allowances(adapter.capabilities.rates)).toEqual(allowances(slackRates));
});

test("Discord's adapter and stand-in know the same rates", () => {
  const adapter = createDiscordAdapter({ network: "discord", token: "token" });
  expect(allowances(adapter.capabilities.rates)).toEqual(allowances(Object.values(discordRates)));
});

test("Matrix' adapter knows no rate that the stand-in does not hold it to; an application service has none", () => {
  const account = createMatrixAdapter({ network: "gitter", homeserver: "http://127.0.0.1:1", accessToken: "token" });
  expect(account.capabilities.rates).not.toEqual([]);
  const held = allowances(Object.values(matrixRates));
  for (const rate of allowances(account.capabilities.rates)) expect(held).toContain(rate);
});

test("one setting scales both", () => {
  const scaled = createSlackAdapter({ network: "slack", botToken: "xoxb-1", appToken: "xapp-1", rateScale: 10 });
  const [plain] = slackRates;
  expect(scaled.capabilities.rates[0]?.amount).toBe((plain?.amount ?? 0) * 10);
});
