import { expect, onTestFinished, test } from "vitest";
import { createHttp } from "./http.ts";

test("what failed is named without anybody's ids", async () => {
  const http = createHttp("http://127.0.0.1:1", "token", () => ({}));
  onTestFinished(() => http.close());
  const failed = (path: string): Promise<string> =>
    http.call("PUT", `/_matrix/client/v3${path}`).then(
      () => "",
      error => error.message,
    );
  const said = "PUT /_matrix/client/v3/rooms/…/send/m.room.message/… got no answer";
  expect(await failed("/rooms/!secret/send/m.room.message/key")).toContain(said);
  expect(await failed("/rooms/%21secret%3Aserver/send/m.room.message/key")).toContain(said);
  expect(await failed("/directory/room/%23secret%3Aserver")).toContain("/directory/room/… got");
  expect(await failed("/account/whoami")).toContain("/account/whoami got");
});
