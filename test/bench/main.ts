import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { engine } from "./engine.ts";
import { type Bench, type Figure, isReached } from "./figure.ts";
import { footprint } from "./footprint.ts";
import { latency, matrix } from "./matrix.ts";
import { summary, table } from "./report.ts";
import { slowDisk } from "./slow-disk.ts";

const benches: readonly Bench[] = [engine, matrix, latency, footprint, slowDisk];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Prints JSON instead of the table. */
    json: { type: "boolean", default: false },
    /** Writes the JSON to this file as well. */
    out: { type: "string" },
    /** Fails where a target is missed. */
    check: { type: "boolean", default: false },
  },
});

const unknown = positionals.filter(name => !benches.some(bench => bench.name === name));
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(", ")}; there are: ${benches.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const figures: Figure[] = [];
for (const bench of benches) {
  if (positionals.length > 0 && !positionals.includes(bench.name)) continue;
  console.error(`${bench.name} …`);
  figures.push(...(await bench.run()));
}
const json = JSON.stringify(summary(figures), undefined, 2);
if (options.out) await writeFile(options.out, `${json}\n`);
console.log(options.json ? json : table(figures));
if (options.check && figures.some(figure => isReached(figure) === false)) process.exitCode = 1;
