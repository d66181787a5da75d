import { expectation, FormatError, OptionError } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "../environment.js";
import { definitionOf } from "../make.js";

/**
 * The environment that a module exports.
 *
 * @param module - The module's URL.
 * @param exportName - The export's name.
 * @throws FormatError where the module cannot be loaded; OptionError where the export is no environment.
 */
export async function loadEnvironment(module: string, exportName: string): Promise<EnvironmentDefinition> {
  const exported = await importModule(module);
  const source = exported[exportName];
  if (source === undefined) {
    const names = Object.keys(exported).join(", ") || "none";
    throw new OptionError(`export: expected one of ${module}, got ${exportName}; its exports are ${names}`);
  }
  if (typeof source !== "object" && typeof source !== "function") {
    throw new OptionError(expectation(`export ${exportName} of ${module}`, "an environment", source));
  }
  return definitionOf(source as EnvironmentSource);
}

async function importModule(module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(/* @vite-ignore */ module)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new FormatError(`${module}: expected a module that loads, got ${String(cause)}`, { cause });
  }
}
