import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { FileError, FormatError, OptionError } from "@uphill/core-math";
import { importEnvironment } from "@uphill/envs";
import type { EnvironmentSource } from "@uphill/envs";
import { sharePackages } from "./share-packages.js";

/**
 * The environment that a module exports: its default export, or else the only named one that is a definition or a
 * function.
 *
 * @param path - The module's file.
 * @param name - Which export to take; needed where several could be meant.
 * @throws FileError where there is no such file; FormatError where it cannot be loaded; OptionError where it exports no
 *   environment, or several.
 */
export async function loadEnvironment(path: string, name?: string): Promise<EnvironmentSource> {
  const exported = await importModule(path);
  const candidates = Object.keys(exported).sort().filter((key) => couldBeEnvironment(exported[key]));
  const chosen = name ?? (candidates.includes("default") ? "default" : candidates[0]);
  if (name === undefined && chosen !== "default" && candidates.length > 1) {
    throw new OptionError(
      `${path}: expected one environment, got the exports ${candidates.join(", ")}; name one by --export`,
    );
  }
  if (chosen === undefined || !candidates.includes(chosen)) {
    const wanted = name === undefined ? "an export" : `the export ${name}`;
    const found = Object.keys(exported).join(", ") || "none";
    throw new OptionError(
      `${path}: expected ${wanted} that is an environment definition { id, make } or a function that makes an ` +
        `environment, got the exports ${found}`,
    );
  }
  // Imported once more by its name, so that threads find it too.
  return importEnvironment({ module: pathToFileURL(resolve(path)), export: chosen });
}

async function importModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  const file = resolve(path);
  try {
    await access(file);
  } catch (cause) {
    throw new FileError(`${path}: cannot be read: there is no such file`, { cause });
  }
  await sharePackages();
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new FormatError(`${path}: expected a JavaScript module that loads, got ${reasonOf(cause)}`, { cause });
  }
}

function couldBeEnvironment(value: unknown): boolean {
  return typeof value === "function" || (typeof value === "object" && value !== null && "make" in value);
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && cause.code === "ERR_UNKNOWN_FILE_EXTENSION"
    ? `a file that Node.js ${process.version} does not load (${cause.message}); compile it to .mjs first`
    : `${cause.name}: ${cause.message}`;
}
