import { RelayError } from "@fanin/core";
import { expect, test } from "vitest";
import type { SlackApi } from "./api.ts";
import { Directory } from "./directory.ts";

/** Answers by method and counts what it is asked. */
function directoryOf(answers: Readonly<Record<string, unknown>>): { directory: Directory; asked: string[] } {
  const asked: string[] = [];
  const api: SlackApi = async (method, args, answer) => {
    asked.push(`${method} ${Object.values(args).join()}`);
    const said = answers[method];
    if (said instanceof Error) throw said;
    return answer.parse(said);
  };
  return { directory: new Directory(api), asked };
}
const user = {
  user: { name: "ann.lee", profile: { display_name: "", real_name: "Ann Lee", image_72: "https://x.org/a" } },
};
const nameOf = (directory: Directory, id: string) => directory.informed(lookUp => lookUp(id)?.name);

test("asks for each id once, at the same time too", async () => {
  const { directory, asked } = directoryOf({ "users.info": user });
  const names = await Promise.all([nameOf(directory, "U1"), nameOf(directory, "U1")]);
  expect([...names, await nameOf(directory, "U1")]).toEqual(["Ann Lee", "Ann Lee", "Ann Lee"]);
  expect(asked).toEqual(["users.info U1"]);
});

test("knows bots, channels and user groups", async () => {
  const { directory } = directoryOf({
    "bots.info": { bot: { name: "ci", icons: { image_48: "https://x.org/b" } } },
    "conversations.info": { channel: { id: "C1", name: "general" } },
    "usergroups.list": { usergroups: [{ id: "S1", handle: "admins" }] },
  });
  const known = await directory.informed(lookUp => ["B1", "C1", "S1"].map(lookUp));
  expect(known).toEqual([{ name: "ci", avatarUrl: "https://x.org/b" }, { name: "general" }, { name: "admins" }]);
});

test("asks again after a change", async () => {
  const { directory, asked } = directoryOf({ "users.info": user });
  await nameOf(directory, "U1");
  directory.forget("U1");
  await nameOf(directory, "U1");
  expect(asked).toHaveLength(2);
});

test("takes a refusal for an answer, and an outage for none", async () => {
  const gone = directoryOf({ "users.info": new RelayError("not-found", "", { retry: "never" }) });
  expect(await nameOf(gone.directory, "U1")).toBe("U1");
  const busy = directoryOf({ "users.info": new RelayError("rate-limited", "", { retry: "later" }) });
  await expect(nameOf(busy.directory, "U1")).rejects.toMatchObject({ code: "rate-limited" });
  expect(busy.directory.lookUp("U1")).toBeUndefined();
});

test("forgets those who were asked for longest ago", async () => {
  const { directory, asked } = directoryOf({ "users.info": user });
  for (let id = 0; id <= 5000; id += 1) await nameOf(directory, `U${id}`);
  await nameOf(directory, "U5000");
  expect(asked).toHaveLength(5001);
  await nameOf(directory, "U0");
  expect(asked).toHaveLength(5002);
});
