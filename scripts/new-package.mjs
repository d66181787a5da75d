// Usage: pnpm new:package NAME --floor N
//
// Makes packages/NAME, a package that builds, with one failing test to replace.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packageFiles, writeMissing } from "./package-template.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const usage = "usage: pnpm new:package NAME --floor N";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { floor: { type: "string" }, root: { type: "string", default: root } },
});
const [name] = positionals;
const floor = Number(values.floor);

if (positionals.length !== 1 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
  fail(`NAME: expected one kebab-case name such as trust-region, got ${positionals.join(" ") || "none"}`);
}
if (values.floor === undefined || !Number.isInteger(floor) || floor < 0 || floor > 5) {
  fail(`--floor: expected an integer from 0 to 5, got ${values.floor ?? "none"}`);
}
const folder = join(values.root, "packages", name);
if (existsSync(folder)) fail(`NAME: expected a name that is not taken, but packages/${name} exists`);

writeMissing(folder, packageFiles({ name, floor }));
process.stdout.write(`packages/${name} is made. Next:
  1. add what it builds on to its package.json ("@uphill/core-math": "workspace:^"), from floors below ${floor};
  2. pnpm install
  3. replace the failing test: pnpm --filter @uphill/${name} test
`);

function fail(message) {
  process.stderr.write(`${message}\n${usage}\n`);
  process.exit(2);
}
