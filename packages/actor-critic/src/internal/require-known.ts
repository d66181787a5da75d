import { requireObject } from "@uphill/core-math";
import { unknownNameError } from "@uphill/training";

/**
 * Options of known names alone.
 *
 * @param argument - What errors call them.
 * @param known - Every name that there is.
 * @returns The options.
 * @throws OptionError for what is no object; for a name that is not known, naming the nearest one that is.
 */
export function requireKnown<O extends object>(argument: string, options: O, known: Readonly<Record<keyof O, true>>): O {
  requireObject(argument, options);
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (unknown !== undefined) throw unknownNameError(unknown, Object.keys(known));
  return options;
}
