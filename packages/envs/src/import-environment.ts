import { expectation, FormatError, OptionError, requireObject, requireString } from "@uphill/core-math";
import type { EnvironmentDefinition, EnvironmentSource } from "./environment.js";
import { urlOf } from "./internal/url-of.js";
import { definitionOf } from "./make.js";

/**
 * Under this key of Node.js's `setEnvironmentData`, the URL of a module that worker threads of Uphill import before any
 * environment: hooks by which environments find their packages, say, since threads do not inherit those.
 */
export const threadPreloadKey = "@uphill/envs: preload";

/** Where another thread finds an environment, since functions cannot be sent to it. */
export interface EnvironmentModule {
  /** URL of the module that exports it, such as `new URL("./crane.js", import.meta.url)`. */
  readonly module: string | URL;
  /** Name of the export: a definition, or a function that makes an environment. Default `default`. */
  readonly export?: string;
}

const origins = new WeakMap<EnvironmentSource, { readonly module: string; readonly export: string }>();

/**
 * The environment that a module exports, which other threads can find too: what asynchronous algorithms take. Those of
 * this package need no import by name; a wrapper around an environment goes into a module of its own.
 *
 * @param options - See {@link EnvironmentModule}.
 * @returns The definition; {@link moduleOf} says where it is from.
 * @throws OptionError where `module` is no URL, or the export is no environment; FormatError where the module cannot be
 *   loaded.
 */
export async function importEnvironment(options: EnvironmentModule): Promise<EnvironmentDefinition> {
  requireObject("options", options);
  const module = urlOf("module", options.module).href;
  const exportName = requireString("export", options.export ?? "default");
  const exported = await importModule(module);
  const source = exported[exportName];
  if (source === undefined) {
    const names = Object.keys(exported).join(", ") || "none";
    throw new OptionError(`export: expected one of ${module}, got ${exportName}; its exports are ${names}`);
  }
  if (typeof source !== "object" && typeof source !== "function") {
    throw new OptionError(expectation(`export ${exportName} of ${module}`, "an environment", source));
  }
  const definition = definitionOf(source as EnvironmentSource);
  origins.set(definition, { module, export: exportName });
  return definition;
}

/**
 * Where an environment was imported from.
 *
 * @param env - What {@link importEnvironment} returned, that object itself and no copy of it.
 * @returns Its module's URL and its export's name; undefined for anything else.
 */
export function moduleOf(env: EnvironmentSource): { readonly module: string; readonly export: string } | undefined {
  return origins.get(env);
}

async function importModule(module: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(/* @vite-ignore */ module)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new FormatError(`${module}: expected a module that loads, got ${String(cause)}`, { cause });
  }
}
