import { OptionError, requireInteger, requireObject } from "@uphill/core-math";

/**
 * The seed in what `reset` was given.
 *
 * @param environment - The environment's name, for the message.
 * @param options - What `reset` was given.
 * @param count - How many environments it seeds, one after the other.
 * @returns The seed, or undefined where the streams carry on.
 * @throws OptionError for anything but `{ seed? }` with a non-negative integer whose successors are exact too.
 */
export function resetSeed(environment: string, options: unknown, count = 1): number | undefined {
  if (options === undefined) return undefined;
  const fields = requireObject(`reset options of ${environment}`, options);
  const unknown = Object.keys(fields).find((key) => key !== "seed");
  if (unknown !== undefined) {
    throw new OptionError(`reset options of ${environment}: expected only seed, got ${unknown}`);
  }
  const { seed } = fields;
  if (seed === undefined) return undefined;
  return requireInteger(`seed of ${environment}`, seed, { least: 0, most: Number.MAX_SAFE_INTEGER - (count - 1) });
}
