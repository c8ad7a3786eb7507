import { createRequire } from "node:module";
import { makeLazy } from "./make-lazy.ts";

// Imported before matrix-bot-sdk, which loads at its start what fanin never calls: native encryption, whose binary an
// install script has to download, and the retired `request`. See docs/decisions/0002-matrix-bot-sdk.md.
const sdk = createRequire(createRequire(import.meta.url).resolve("matrix-bot-sdk"));
makeLazy(sdk, "@matrix-org/matrix-sdk-crypto-nodejs");
makeLazy(sdk, "request");
