// Usage: pnpm new:package NAME [--floor N]
//
// Makes packages/NAME, a package that builds, with one failing test to replace, and links it into the
// workspace. Without --floor it stands on floor 0, where it may build on no other package.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageFiles, writeMissing } from "./package-template.mjs";
import { repositoryRoot } from "./workspace.mjs";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { floor: { type: "string", default: "0" }, root: { type: "string", default: repositoryRoot } },
});
const [name] = positionals;

if (positionals.length !== 1 || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
  fail(`NAME: expected one kebab-case name such as trust-region, got ${positionals.join(" ") || "none"}`);
}
if (!/^[0-5]$/.test(values.floor)) fail(`--floor: expected an integer from 0 to 5, got ${values.floor}`);
const folder = join(values.root, "packages", name);
if (existsSync(folder)) fail(`NAME: expected a name that is not taken, but packages/${name} exists`);

writeMissing(folder, packageFiles({ name, floor: Number(values.floor) }));
if (values.root === repositoryRoot) link();
process.stdout.write(`packages/${name} is made, on floor ${values.floor}. Next:
  1. replace the failing test:       npm test -- --filter=@uphill/${name}
  2. add what it builds on to its package.json, as "@uphill/core-math": "workspace:^", and run pnpm install;
  3. add it to the packages' table of the root README.md.
`);

function link() {
  const parameters = ["install", "--no-frozen-lockfile", "--prefer-offline", "--silent"];
  const { status } = spawnSync("pnpm", parameters, { cwd: values.root, shell: process.platform === "win32", stdio: "inherit" });
  if (status !== 0) fail(`packages/${name} is made, but pnpm install failed`);
}

function fail(message) {
  process.stderr.write(`${message}\nusage: pnpm new:package NAME [--floor N]\n`);
  process.exit(2);
}
