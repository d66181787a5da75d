import { isAbsolute, resolve } from "node:path";
import { findEnvironment } from "@uphill/envs";
import type { EnvironmentSource } from "@uphill/envs";
import { OptionError } from "@uphill/core-math";
import { Option } from "commander";
import { environments } from "./environments.js";
import { loadEnvironment } from "./load-environment.js";

/** `--env`: one of Uphill's environments, or a file with one's own. */
export function environmentOption(otherwise: string): Option {
  return new Option("--env <ENVIRONMENT>", `an environment's id, or a module file with one (${otherwise})`);
}

/** An environment as the command line names it. */
export interface NamedEnvironment {
  /** The id, or the absolute path of the file: what a run's configuration keeps. */
  readonly reference: string;
  readonly source: EnvironmentSource;
}

/**
 * The environment that `--env`, a run's configuration or a policy's file names.
 *
 * @param given - An id such as `CartPole-v1`; or the path of a module, which has a folder or an extension in it.
 * @throws OptionError for an id that does not exist, naming the nearest; FileError or FormatError for a module that
 *   cannot be loaded or holds no environment.
 */
export async function environmentNamed(given: string | undefined): Promise<NamedEnvironment> {
  if (given === undefined) throw new OptionError("--env: expected an environment, got none; uphill list shows them");
  if (!isFile(given)) return { reference: given, source: findEnvironment(given, environments) };
  const reference = resolve(given);
  return { reference, source: await loadEnvironment(given) };
}

function isFile(given: string): boolean {
  return isAbsolute(given) || /[\\/]|\.[cm]?[jt]s$/u.test(given);
}
