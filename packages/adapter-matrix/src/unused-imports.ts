import { createRequire } from "node:module";
import { makeLazy } from "./make-lazy.ts";

// Imported before matrix-bot-sdk, which loads at its start what fanin never calls: native encryption, whose binary an
// install script has to download, the retired `request`, and a web server, storages and HTML for bots, which cost 20 MB
// and 100 ms. See docs/decisions/0002-matrix-bot-sdk.md.
const sdk = createRequire(createRequire(import.meta.url).resolve("matrix-bot-sdk"));
for (const name of ["@matrix-org/matrix-sdk-crypto-nodejs", "request"]) makeLazy(sdk, name);
for (const name of ["express", "morgan", "sanitize-html", "html-to-text"]) makeLazy(sdk, name);
for (const name of ["lowdb", "lowdb/adapters/FileSync", "postgres"]) makeLazy(sdk, name);
