import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { Hono } from "hono";

/** The page as the browser gets it: plain modules and styles. Next to `src` as well as to `dist`. */
const pageUrl = new URL("../../src/page/", import.meta.url);
const pageFile = /^[\w-]+\.(js|css|svg)$/;
const types = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8", svg: "image/svg+xml" };

/** What the page's modules import by name, from where it is installed. */
const modules: Readonly<Record<string, string>> = {
  preact: import.meta.resolve("preact"),
  "preact/hooks": import.meta.resolve("preact/hooks"),
  "@preact/signals": import.meta.resolve("@preact/signals"),
  "@preact/signals-core": import.meta.resolve("@preact/signals-core"),
  htm: import.meta.resolve("htm"),
  "htm/preact": import.meta.resolve("htm/preact"),
};

const importMap = JSON.stringify({
  imports: Object.fromEntries(Object.keys(modules).map(name => [name, `/modules/${name}`])),
});

const sheets = ["base", "looks", "frame", "tabs", "messages", "composer", "journey", "toasts"];

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
    <meta name="color-scheme" content="light dark">
    <title>fanin: five networks, one conversation</title>
    <link rel="icon" href="/page/icon.svg" type="image/svg+xml">
    ${sheets.map(name => `<link rel="stylesheet" href="/page/${name}.css">`).join("\n    ")}
    <script type="importmap">${importMap}</script>
    <script type="module" src="/page/main.js"></script>
  </head>
  <body>
    <noscript>This page is a small program; it needs JavaScript.</noscript>
  </body>
</html>
`;

/** Nothing comes from anywhere else. */
const policy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${createHash("sha256").update(importMap).digest("base64")}'`,
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Serves the page's document, its own files and the modules it imports. */
export function createAssets(): Hono {
  const app = new Hono();
  app.get("/", c => {
    c.header("content-security-policy", policy);
    c.header("referrer-policy", "no-referrer");
    return c.html(html);
  });
  app.get("/page/:file", async c => {
    const extension = pageFile.exec(c.req.param("file"))?.[1];
    if (extension !== "js" && extension !== "css" && extension !== "svg") return c.notFound();
    return send(new URL(c.req.param("file"), pageUrl), types[extension]);
  });
  app.get("/modules/:name{.+}", async c => {
    const url = modules[c.req.param("name")];
    return url === undefined ? c.notFound() : send(new URL(url), types.js);
  });
  return app;
}

async function send(url: URL, type: string): Promise<Response> {
  try {
    const bytes = new Uint8Array(await readFile(url));
    return new Response(bytes, {
      headers: { "content-type": type, "x-content-type-options": "nosniff", "cache-control": "no-cache" },
    });
  } catch {
    return new Response("no such file", { status: 404 });
  }
}
