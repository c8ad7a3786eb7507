import type { Look, PageWindow, Sandbox } from "@fanin/sandbox";

const faces: Readonly<Record<string, { look: Look; title: string }>> = {
  slack: { look: "slack", title: "Slack" },
  discord: { look: "discord", title: "Discord" },
  gitter: { look: "gitter", title: "Gitter" },
  hub: { look: "matrix", title: "Matrix hub" },
  irc: { look: "irc", title: "IRC" },
};

/** The sandbox's places as the page shows them. IRC hangs on the hub by its bridge; nobody relays to it. */
export function windowsOf({ places, channels }: Sandbox): PageWindow[] {
  const called: Readonly<Record<string, string>> = { gitter: channels.gitter, hub: channels.hub };
  return places.flatMap(place => {
    const face = faces[place.name];
    const channel = called[place.name] ?? "#ansible";
    return face ? [{ place, ...face, channel, ...(place.name === "irc" && { behind: "hub" }) }] : [];
  });
}
