import { crc32, deflateSync } from "node:zlib";
import { Hono } from "hono";
import type { User } from "./model.ts";
import type { World } from "./world.ts";

/** Discord's six default avatars. */
const colours = [0x5865f2, 0x757e8a, 0x3ba55c, 0xfaa61a, 0xed4245, 0xeb459e] as const;

/** Pictures of people, always PNG: https://discord.com/developers/docs/reference#image-formatting */
export function createCdn(world: World): Hono {
  const app = new Hono();
  app.get("/avatars/:user/:file", c => {
    const hash = c.req.param("file").replace(/\.\w+$/, "");
    const given = world.pictures.get(hash);
    if (given) return c.redirect(given);
    const user = world.users.get(c.req.param("user"));
    return user?.avatar === hash ? png(defaultAvatar(user.id)) : c.notFound();
  });
  app.get("/embed/avatars/:file", c => png(Number.parseInt(c.req.param("file"), 10)));
  return app;
}

/** Where clients find an author's picture. */
export function avatarUrlOf(cdnUrl: string, user: User): string {
  return user.avatar === null
    ? `${cdnUrl}/embed/avatars/${defaultAvatar(user.id)}.png`
    : `${cdnUrl}/avatars/${user.id}/${user.avatar}.png`;
}

function defaultAvatar(id: string): number {
  return Number((BigInt(id) >> 22n) % BigInt(colours.length));
}

function png(index: number): Response {
  const headers = { "content-type": "image/png", "cache-control": "max-age=3600" };
  return new Response(new Uint8Array(drawPng(colours[index] ?? colours[0], 64)), { headers });
}

/** A square of one colour: https://www.w3.org/TR/png/ with a palette of one entry and a bit per pixel. */
function drawPng(colour: number, size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([1, 3], 8);
  const palette = Buffer.from([colour >> 16, (colour >> 8) & 0xff, colour & 0xff]);
  const pixels = Buffer.alloc(size * (1 + size / 8));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chunks = [
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(pixels)),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
