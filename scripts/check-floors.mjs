// Usage: node scripts/check-floors.mjs [--root FOLDER]
//
// A package imports only from floors below its own ("uphill": { "floor": … } in its package.json), never
// from its own floor or above, and only what its package.json lists. Tests may also import, by path, from
// the test/ of such a package. The main entry of a package also runs in a browser, so `node:` modules are
// for src/node.ts and src/node/ alone.
import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import ts from "typescript";
import { filesBelow, report, rootFromArguments, workspacePackages } from "./workspace.mjs";

const topFloor = 6;
const root = rootFromArguments();
const packages = workspacePackages(root);
const byName = new Map(packages.map((one) => [one.name, one]));
const floorOf = (one) => one.manifest.uphill?.floor;

const findings = packages.flatMap((one) => {
  if (!Number.isInteger(floorOf(one)) || floorOf(one) < 0 || floorOf(one) > topFloor) {
    return [`${one.path}/package.json: "uphill": { "floor": … } is missing, or not an integer from 0 to ${topFloor}`];
  }
  return [...manifestFindings(one), ...filesBelow(one.folder).filter(isSource).flatMap((file) => fileFindings(one, file))];
});
report(findings, `${packages.length} packages import only from floors below their own`);

function isSource(file) {
  return /\.(ts|mts|tsx)$/.test(file);
}

function manifestFindings(one) {
  return [...listedDependencies(one)]
    .filter((name) => name.startsWith("@uphill/"))
    .map((name) => floorFinding(one, name))
    .filter((finding) => finding !== undefined)
    .map((finding) => `${one.path}/package.json: depends on ${finding}`);
}

function listedDependencies({ manifest }) {
  return new Set(
    [manifest.dependencies, manifest.devDependencies, manifest.peerDependencies, manifest.optionalDependencies].flatMap(
      (section) => Object.keys(section ?? {}),
    ),
  );
}

/** What is wrong with a dependency of `one` on the package `name`, if anything. */
function floorFinding(one, name) {
  const other = byName.get(name);
  if (other === undefined) return `${name}, which is no package of this workspace`;
  if (floorOf(other) < floorOf(one)) return undefined;
  const allowed = floorOf(one) === 0 ? "nothing" : `only from floors below ${floorOf(one)}`;
  return `${name} (floor ${floorOf(other)}); ${one.name} stands on floor ${floorOf(one)} and imports ${allowed}`;
}

function fileFindings(one, file) {
  const path = relative(root, file).split(sep).join("/");
  return ts
    .preProcessFile(readFileSync(file, "utf8"), true, true)
    .importedFiles.map(({ fileName }) => importFinding(one, file, fileName))
    .filter((finding) => finding !== undefined)
    .map((finding) => `${path}: imports ${finding}`);
}

function importFinding(one, file, specifier) {
  if (specifier.startsWith(".")) return relativeFinding(one, file, specifier);
  if (specifier.startsWith("node:")) {
    return mustRunInBrowser(one, file) ? `${specifier} outside src/node.ts and src/node/` : undefined;
  }
  if (!specifier.startsWith("@uphill/")) return undefined;
  const name = specifier.split("/").slice(0, 2).join("/");
  const finding = floorFinding(one, name);
  if (finding !== undefined) return finding;
  return listedDependencies(one).has(name) ? undefined : `${name}, which ${one.path}/package.json does not list`;
}

function relativeFinding(one, file, specifier) {
  const target = relative(one.folder, join(dirname(file), specifier)).split(sep).join("/");
  const isConfiguration = dirname(file) === one.folder;
  if (target.startsWith("../") && !isConfiguration && !isSharedTestHelper(one, file, specifier)) {
    return `${specifier}, outside its own package`;
  }
  if (/^src\/node(\/|\.js$)/.test(target) && mustRunInBrowser(one, file)) {
    return `${specifier}, which needs Node.js, outside src/node.ts and src/node/`;
  }
  return undefined;
}

/** Whether a test imports what a package that its own depends on keeps in test/: contract suites, say. */
function isSharedTestHelper(one, file, specifier) {
  const isTest = file.endsWith(".test.ts") || relative(one.folder, file).startsWith(`test${sep}`);
  const target = join(dirname(file), specifier);
  const owner = packages.find(({ folder }) => target.startsWith(join(folder, "test") + sep));
  return isTest && owner !== undefined && listedDependencies(one).has(owner.name);
}

/** Whether a file may be part of a library's browser bundle. */
function mustRunInBrowser(one, file) {
  const path = relative(one.folder, file).split(sep).join("/");
  return (
    floorOf(one) < topFloor &&
    path.startsWith("src/") &&
    !/^src\/(.*\/)?node(\/|\.ts$)/.test(path) &&
    !path.endsWith(".test.ts")
  );
}
