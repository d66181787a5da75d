// Usage: node scripts/with-pnpm.mjs [--build PACKAGE]… [COMMAND [ARGUMENT…]]
//
// Brings the workspace to where a command can run, then runs it, so that a clean clone needs only
// Node.js and npm: finds the pnpm that package.json pins, installs what the lockfile says where that is
// not done yet, builds each PACKAGE and what it depends on, and puts the tools on the path.
// It has no dependencies, since it runs before there are any, and speaks on standard error only, so
// that the command owns standard output.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, "node_modules", ".bin");
const stampFile = join(root, "node_modules", ".uphill-setup.json");
const windows = process.platform === "win32";
const pnpmName = windows ? "pnpm.cmd" : "pnpm";

const { builds, command } = parseArguments(process.argv.slice(2));
const stamp = readStamp();
const pnpmFolder = existsSync(join(stamp.pnpmFolder, pnpmName)) ? stamp.pnpmFolder : findPnpm();
const environment = {
  ...process.env,
  PATH: [tools, pnpmFolder, process.env.PATH].join(delimiter),
  // turbo does not hash the Node.js version by itself.
  UPHILL_NODE_VERSION: process.version,
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  ORT_DISABLE_TELEMETRY: process.env.ORT_DISABLE_TELEMETRY ?? "1",
};

if (!changesDependencies(command)) install();
if (builds.length > 0) build();
if (command.length > 0) run(command);

function parseArguments(values) {
  const rest = [...values];
  const packages = [];
  while (rest[0] === "--build") packages.push(...rest.splice(0, 2).slice(1));
  return { builds: packages, command: rest };
}

/** `pnpm install` and its kind bring lockfile and node_modules in step themselves. */
function changesDependencies([program, verb]) {
  return program === "pnpm" && ["install", "i", "add", "update", "up", "remove", "rm"].includes(verb);
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return { fingerprint: "", pnpmFolder: "" };
  }
}

/** The folder of the pinned pnpm: one on the path, or npm's own copy of it, fetched where missing. */
function findPnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = packageManager.split("@")[1];
  const onPath = folderOnPath(process.env.PATH);
  if (onPath !== undefined && succeeded(onPath, ["--version"])?.trim() === version) return onPath;
  const exec = ["exec", "--yes", "--prefer-offline", `--package=${packageManager}`, "--"];
  const asked = spawnSync("npm", [...exec, "node", "-p", "process.env.PATH"], {
    cwd: root,
    encoding: "utf8",
    shell: windows,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const folder = asked.status === 0 ? folderOnPath(asked.stdout.trim()) : undefined;
  if (folder === undefined) fail(`cannot get ${packageManager} through npm:\n${asked.stderr ?? asked.error}`);
  return folder;
}

function folderOnPath(path) {
  return (path ?? "").split(delimiter).find((folder) => folder !== "" && existsSync(join(folder, pnpmName)));
}

function succeeded(folder, parameters) {
  const result = spawnSync(join(folder, pnpmName), parameters, { cwd: root, encoding: "utf8", shell: windows });
  return result.status === 0 ? result.stdout : undefined;
}

/** Installs what the lockfile says, unless the last install was made from the same files. */
function install() {
  const folders = workspaceFolders();
  const fingerprint = fingerprintOf(folders);
  const installed = folders.every((folder) => existsSync(join(folder, "node_modules")));
  if (installed && stamp.fingerprint === fingerprint && stamp.pnpmFolder === pnpmFolder) return;
  if (!installed || stamp.fingerprint !== fingerprint) {
    say("installing dependencies; the first time fetches some 200 MB …");
    const parameters = ["install", "--frozen-lockfile", "--trust-lockfile"];
    const result = spawnSync(join(pnpmFolder, pnpmName), parameters, {
      cwd: root,
      encoding: "utf8",
      env: environment,
      shell: windows,
      stdio: ["ignore", "pipe", "pipe"],
    });
    if (result.status !== 0) fail(`the installation failed:\n${result.stdout}${result.stderr}`);
  }
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ fingerprint, pnpmFolder }));
}

function workspaceFolders() {
  const children = (name) => readdirSync(join(root, name)).map((child) => join(root, name, child));
  return [root, ...children("packages"), ...children("apps"), join(root, "benchmarks")].filter((folder) =>
    existsSync(join(folder, "package.json")),
  );
}

function fingerprintOf(folders) {
  const hash = createHash("sha256");
  const manifests = folders.map((folder) => join(folder, "package.json"));
  for (const file of [join(root, "pnpm-lock.yaml"), join(root, "pnpm-workspace.yaml"), ...manifests]) {
    hash.update(readFileSync(file));
  }
  return hash.digest("hex");
}

/** Builds quietly (turbo skips what has not changed) and shows the output only of a build that failed. */
function build() {
  const parameters = ["run", "build", ...builds.map((name) => `--filter=${name}`), "--output-logs=errors-only"];
  const result = spawnSync("turbo", parameters, { cwd: root, env: environment, encoding: "utf8", shell: windows });
  if (result.status !== 0) fail(`the build of ${builds.join(" and ")} failed:\n${result.stdout}${result.stderr}`);
}

function run([program, ...parameters]) {
  const child = spawn(program, parameters, { env: environment, shell: windows, stdio: "inherit" });
  child.on("error", (error) => fail(`cannot run ${program}: ${error.message}`));
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
  // A terminal sends Ctrl-C to both processes: the command decides when to end, and this one waits.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => child.kill("SIGTERM"));
}

function say(message) {
  process.stderr.write(`uphill: ${message}\n`);
}

function fail(message) {
  say(message);
  process.exit(1);
}
