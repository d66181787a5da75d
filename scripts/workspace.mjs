// The packages of the workspace, as their manifests describe them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** The `--root FOLDER` that the tests of these scripts pass, or this repository. */
export function rootFromArguments(values = process.argv.slice(2)) {
  const at = values.indexOf("--root");
  return at === -1 ? repositoryRoot : values[at + 1];
}

/** Every package: `{ path, folder, name, manifest, published }`, `path` relative to the root. */
export function workspacePackages(root) {
  const children = (parent) =>
    existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((child) => `${parent}/${child}`) : [];
  return [...children("packages"), ...children("apps"), "benchmarks"]
    .filter((path) => existsSync(join(root, path, "package.json")))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((path) => {
      const manifest = JSON.parse(readFileSync(join(root, path, "package.json"), "utf8"));
      return { path, folder: join(root, path), name: manifest.name, manifest, published: manifest.private !== true };
    });
}

/** Files below a folder, in a fixed order, without what tools put there. */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !["node_modules", "dist", ".turbo", ".results"].includes(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

/** Prints the findings of a check, or what it found in order, and sets the exit code. */
export function report(findings, summary) {
  for (const finding of findings) process.stdout.write(`${finding}\n`);
  process.stdout.write(findings.length === 0 ? `${summary}\n` : `${findings.length} to mend\n`);
  process.exitCode = findings.length === 0 ? 0 : 1;
}
