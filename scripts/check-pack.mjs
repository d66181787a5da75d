// Usage: node scripts/check-pack.mjs [--root FOLDER]     (after a build)
//
// Packs every published package, installs the tarballs with npm into a folder outside the workspace, and
// looks at what a user would get: what the tarball holds, publint and attw, every entry imported by
// Node.js and type-checked, every command run.
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, posix } from "node:path";
import { execute, temporaryFolder, twoAtATime } from "./consumer.mjs";
import { report, repositoryRoot, rootFromArguments, workspacePackages } from "./workspace.mjs";

const installLimitMs = 300_000;
const root = rootFromArguments();
const tools = join(repositoryRoot, "node_modules", ".bin");
const env = { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH}`, ONNXRUNTIME_NODE_INSTALL: "skip" };
const packages = workspacePackages(root).filter((one) => one.published);
const tarballs = temporaryFolder("pack");
const consumer = temporaryFolder("consumer");

const packed = (await twoAtATime(packages, pack)).flat();
const findings = packages.length === packed.length ? await inspect() : ["not every package could be packed; see above"];
report(findings, `${packages.length} packages are sound as packed: contents, publint, attw, imports, types, commands`);

async function pack(one) {
  const { code, stdout, output } = await execute("pnpm", ["pack", "--json", "--pack-destination", tarballs], { cwd: one.folder, env });
  if (code === 0) return [{ ...one, tarball: JSON.parse(stdout).filename }];
  process.stdout.write(`${one.path}: pnpm pack failed:\n${output}\n`);
  return [];
}

async function inspect() {
  // Overridden as well, so that npm asks no registry for the versions that only exist here.
  const dependencies = Object.fromEntries(packed.map((one) => [one.name, `file:${one.tarball}`]));
  const manifest = { name: "consumer", private: true, type: "module", dependencies, overrides: dependencies };
  writeFileSync(join(consumer, "package.json"), JSON.stringify(manifest));
  const parameters = ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  const installed = await execute("npm", parameters, { cwd: consumer, env, timeout: installLimitMs });
  if (installed.code !== 0) return [`npm cannot install the tarballs:\n${installed.output}`];
  const each = await twoAtATime(packed, async (one) => [
    ...contentFindings(one),
    ...(await toolFindings(one)),
    ...(await importFindings(one)),
    ...(await commandFindings(one)),
  ]);
  return [...each.flat(), ...(await typeFindings())];
}

function installedFile(one, path) {
  return join(consumer, "node_modules", one.name, path);
}

function entriesOf(one) {
  return Object.keys(one.manifest.exports ?? {}).map((path) => posix.join(one.name, path));
}

function contentFindings(one) {
  const text = readFileSync(installedFile(one, "package.json"), "utf8");
  const leftovers = ["workspace:", "catalog:", "uphill-source"].filter((word) => text.includes(word));
  const missing = ["README.md", "LICENSE"].filter((file) => {
    try {
      return readFileSync(installedFile(one, file), "utf8").trim() === "";
    } catch {
      return true;
    }
  });
  return [
    ...leftovers.map((word) => `${one.name}: the packed package.json still says "${word}"`),
    ...missing.map((file) => `${one.name}: the tarball has no ${file}`),
  ];
}

async function toolFindings(one) {
  const checks = [["publint", ["run", one.tarball, "--strict"]]];
  if (entriesOf(one).length > 0) checks.push(["attw", [one.tarball, "--profile", "esm-only", "--no-emoji"]]);
  const results = await twoAtATime(checks, async ([tool, parameters]) => ({ tool, ...(await execute(tool, parameters, { env })) }));
  return results.filter(({ code }) => code !== 0).map(({ tool, output }) => `${one.name}: ${tool} says:\n${output}`);
}

async function importFindings(one) {
  const results = await twoAtATime(entriesOf(one), async (entry) => {
    const program = `if (Object.keys(await import("${entry}")).length === 0) throw new Error("it exports nothing");`;
    return { entry, ...(await execute(process.execPath, ["--input-type=module", "--eval", program], { cwd: consumer })) };
  });
  return results.filter(({ code }) => code !== 0).map(({ entry, output }) => `import "${entry}" fails outside the workspace:\n${output}`);
}

async function commandFindings(one) {
  const results = await twoAtATime(Object.keys(one.manifest.bin ?? {}), async (command) => ({
    command,
    ...(await execute(join(consumer, "node_modules", ".bin", command), ["--help"], { cwd: consumer })),
  }));
  return results
    .filter(({ code, stdout }) => code !== 0 || stdout.trim() === "")
    .map(({ command, code, output }) => `${command} --help ends with code ${code} outside the workspace:\n${output}`);
}

/** Type-checks an import of every entry against the packed declarations, without looking away from them. */
async function typeFindings() {
  const lines = packed.flatMap(entriesOf).map((entry, index) => `import * as entry${index} from "${entry}";\nvoid entry${index};`);
  writeFileSync(join(consumer, "entries.ts"), lines.join("\n"));
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2023", "DOM"],
    module: "NodeNext",
    strict: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(repositoryRoot, "node_modules", "@types")],
  };
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["entries.ts"] }));
  const { code, output } = await execute("tsc", ["-p", consumer], { cwd: consumer, env });
  return code === 0 ? [] : [`the packed declarations do not type-check:\n${output}`];
}
