// Usage: node scripts/check-same-bits.mjs [--here] [--write]
//
// Trains by plain SIMD in Node.js, in Node.js 24, in Chromium and in JavaScriptCore (which Bun brings), and compares the
// hashes of the weights with each other and with those recorded in benchmarks/src/same-bits/recorded.json. An engine that
// is missing is printed as missing. --here keeps to engines that are on this machine already; the others come from npm.
// --write records what came out, and in which engines.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, defaultServerConditions } from "vite";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "benchmarks/src/same-bits");
const recordFile = join(source, "recorded.json");
const options = new Set(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), "uphill-same-bits-"));

try {
  process.exitCode = compare(runEverywhere(await bundle()));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The training as one file that every engine loads. */
async function bundle() {
  const conditions = ["uphill-source", ...defaultServerConditions];
  await build({
    root: join(root, "benchmarks"),
    configFile: false,
    logLevel: "warn",
    resolve: { conditions },
    build: {
      outDir: folder,
      emptyOutDir: true,
      minify: false,
      target: "es2022",
      lib: { entry: join(source, "main.ts"), formats: ["es"], fileName: "train" },
    },
  });
  return join(folder, "train.js");
}

/** What each engine printed; undefined where it is missing. */
function runEverywhere(script) {
  return [
    [`Node.js ${process.version.slice(1)}`, outputOf(process.execPath, [script])],
    inOtherNode(script),
    inChromium(script),
    inBun(script),
  ];
}

function inOtherNode(script) {
  const node = fromNpm("node@24", "node", join("bin", "node"));
  if (node === undefined) return ["Node.js 24", undefined];
  return [`Node.js ${outputOf(node, ["--version"])?.slice(1)}`, outputOf(node, [script])];
}

function inBun(script) {
  const name = `@oven/bun-${process.platform}-${process.arch}`;
  const bun = fromNpm(name, name, join("bin", process.platform === "win32" ? "bun.exe" : "bun"));
  if (bun === undefined) return ["JavaScriptCore", undefined];
  return [`JavaScriptCore (Bun ${outputOf(bun, ["--version"])})`, outputOf(bun, [script])];
}

function inChromium(script) {
  const program = findChromium();
  if (program === undefined) return ["Chromium", undefined];
  const page = join(folder, "page.html");
  writeFileSync(page, `<!doctype html><meta charset="utf-8"><body><script type="module">${readFileSync(script, "utf8")}</script>`);
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const quiet = ["--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
  const profile = `--user-data-dir=${join(folder, "profile")}`;
  const html = outputOf(program, [...quiet, ...sandbox, profile, "--dump-dom", pathToFileURL(page).href]);
  const version = /\d[\d.]*/.exec(outputOf(program, ["--version"]) ?? "")?.[0] ?? "";
  return [`Chromium ${version}`, /\{"training".*?\}/.exec(html ?? "")?.[0]];
}

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.flatMap((one) => names.map((name) => join(one, name))).find(existsSync);
}

/** A program out of a package that is installed for this run alone; undefined where that fails. */
function fromNpm(request, name, path) {
  if (options.has("--here")) return undefined;
  const home = join(folder, name.replaceAll("/", "-"));
  const flags = ["--no-save", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", home];
  outputOf(process.platform === "win32" ? "npm.cmd" : "npm", ["install", ...flags, request]);
  const program = join(home, "node_modules", name, path);
  return existsSync(program) ? program : undefined;
}

function outputOf(program, parameters) {
  try {
    const stdio = ["ignore", "pipe", "ignore"];
    return execFileSync(program, parameters, { encoding: "utf8", stdio, maxBuffer: 2 ** 26, timeout: 300_000 }).trim();
  } catch {
    return undefined;
  }
}

/** Prints the engines, and says by its result whether all that ran agree. */
function compare(results) {
  const ran = results.filter(([, output]) => output !== undefined);
  for (const [engine, output] of results) console.log(`${engine.padEnd(32)} ${output ?? "missing"}`);
  if (options.has("--write") && new Set(ran.map(([, output]) => output)).size === 1) {
    const engines = ran.map(([engine]) => engine);
    writeFileSync(recordFile, `${JSON.stringify({ ...JSON.parse(ran[0][1]), engines }, undefined, 2)}\n`);
  }
  const { training, functions } = JSON.parse(readFileSync(recordFile, "utf8"));
  const expected = JSON.stringify({ training, functions });
  const others = ran.filter(([, output]) => output !== expected);
  console.log(others.length === 0 ? `the same bits in ${ran.length} engines` : `expected ${expected}, got others in ${others.length} engines`);
  return others.length === 0 ? 0 : 1;
}
