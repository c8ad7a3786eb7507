import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { isAlive, startServer } from "./server-process.ts";
import { waitUntil } from "./wait-until.ts";

const patient = { name: "patient", command: "sleep", args: ["600"], ready: async () => true };

test("a stopped server is gone, and stopping it again is no error", async () => {
  const server = await startServer(patient);
  expect(isAlive(server.pid)).toBe(true);
  await server.stop();
  await server.stop();
  expect(isAlive(server.pid)).toBe(false);
});

test("a server that ends before it serves is reported with the end of its log", async () => {
  const broken = {
    ...patient,
    command: "sh",
    args: ["-c", "echo 'no such database' >&2; exit 3"],
    ready: async () => false,
  };
  await expect(startServer(broken)).rejects.toThrow(/patient ended \(3\) before it served.*no such database/s);
});

test("a program that is not there is reported", async () => {
  await expect(startServer({ ...patient, command: "/no/such/program" })).rejects.toThrow("ENOENT");
});

test("a server ends with the process that started it, even when that is killed", async () => {
  const program = `
    import { startServer } from ${JSON.stringify(new URL("server-process.ts", import.meta.url).href)};
    const server = await startServer({ name: "patient", command: "sleep", args: ["600"], ready: async () => true });
    console.log(server.pid);`;
  const starter = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: starter.stdout }), "line");
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  starter.kill("SIGKILL");
  await waitUntil("the server is gone", () => !isAlive(pid));
});
