// Usage: node scripts/check-readmes.mjs [--root FOLDER]     (after a build)
//
// Type-checks and runs every ```ts block of every README, as a user who pastes it into a file: outside
// the workspace, against the built packages. An example has to print something. Tags after ```ts:
// "continued" goes on from the block before, "browser" is type-checked only. Every published package has
// an example and is named in the root README.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { execute, temporaryFolder, twoAtATime } from "./consumer.mjs";
import { codeBlocks } from "./markdown.mjs";
import { report, repositoryRoot, rootFromArguments, workspacePackages } from "./workspace.mjs";

const timeLimitMs = 180_000;
const root = rootFromArguments();
const packages = workspacePackages(root);
const consumer = temporaryFolder("readmes");
const readmes = ["README.md", ...packages.map((one) => `${one.path}/README.md`)].filter((path) => existsSync(join(root, path)));

linkPackages();
const examples = readmes.flatMap(examplesOf);
const findings = [...missingFindings(), ...(await typeFindings())];
for (const found of await twoAtATime(examples, runFindings)) findings.push(...found);
report(findings, `${examples.length} examples in ${readmes.length} READMEs type-check, run and print`);

/** Gives the consumer what its user would install: the packages, and the peers that they name. */
function linkPackages() {
  for (const { folder, name, manifest } of packages) {
    link(folder, name);
    for (const peer of Object.keys(manifest.peerDependencies ?? {})) link(join(folder, "node_modules", peer), peer);
  }
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
}

function link(target, name) {
  const place = join(consumer, "node_modules", name);
  mkdirSync(dirname(place), { recursive: true });
  if (!existsSync(place)) symlinkSync(target, place, "junction");
}

/** A README's examples: `{ readme, line, file, code, runs }`, padded so that line numbers are the README's. */
function examplesOf(readme) {
  const found = [];
  for (const { language, tags, code, line } of codeBlocks(readFileSync(join(root, readme), "utf8"))) {
    if (language !== "ts") continue;
    if (tags.includes("continued") && found.length > 0) {
      const last = found.at(-1);
      last.code += `${"\n".repeat(line - last.code.split("\n").length)}${code}`;
    } else {
      const file = `${readme.replaceAll("/", "-")}-${line}.ts`;
      found.push({ readme, line, file, code: `${"\n".repeat(line - 1)}${code}`, runs: !tags.includes("browser") });
    }
  }
  for (const { file, code } of found) writeFileSync(join(consumer, file), code);
  return found;
}

function missingFindings() {
  const overview = existsSync(join(root, "README.md")) ? readFileSync(join(root, "README.md"), "utf8") : "";
  const published = packages.filter((one) => one.published);
  const libraries = published.filter((one) => one.manifest.exports !== undefined);
  return [
    ...packages.filter((one) => !readmes.includes(`${one.path}/README.md`)).map((one) => `${one.path}: has no README.md`),
    ...libraries
      .filter((one) => !examples.some(({ readme }) => readme === `${one.path}/README.md`))
      .map((one) => `${one.path}/README.md: has no \`\`\`ts example`),
    ...published.filter((one) => !overview.includes(`(${one.path})`)).map((one) => `README.md: does not link to ${one.path}`),
  ];
}

async function typeFindings() {
  if (examples.length === 0) return [];
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2023", "DOM"],
    module: "NodeNext",
    moduleDetection: "force",
    strict: true,
    // Declarations of libraries that examples use are theirs; check-pack checks ours.
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(repositoryRoot, "node_modules", "@types")],
  };
  const files = readdirSync(consumer).filter((file) => file.endsWith(".ts"));
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const { code, output } = await execute(join(repositoryRoot, "node_modules/.bin/tsc"), ["-p", consumer], { cwd: consumer });
  return code === 0 ? [] : [`examples do not type-check (the line numbers are the README's):\n${output}`];
}

async function runFindings({ readme, line, file, code, runs }) {
  if (!runs) return [];
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const program = join(consumer, file.replace(/\.ts$/, ".js"));
  writeFileSync(program, ts.transpileModule(code, { compilerOptions }).outputText);
  // What an example leaves in the folder for temporary files goes with the consumer's.
  const env = { ...process.env, TMPDIR: consumer, TEMP: consumer, TMP: consumer };
  const result = await execute(process.execPath, [program], { cwd: consumer, env, timeout: timeLimitMs });
  if (result.code !== 0) return [`${readme}:${line}: the example fails:\n${result.output}`];
  return result.stdout.trim() === "" ? [`${readme}:${line}: the example prints nothing`] : [];
}
