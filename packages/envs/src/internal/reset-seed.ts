import { OptionError, requireInteger, requireObject } from "@uphill/core-math";

/** The range of seeds whose values are exact. */
export const SAFE_SEEDS = { least: 0, most: Number.MAX_SAFE_INTEGER };

/**
 * The seed in what `reset` was given.
 *
 * @param environment - The environment's name, for the message.
 * @param options - What `reset` was given.
 * @returns The seed, or undefined where the stream carries on.
 * @throws OptionError for anything but `{ seed? }` with a non-negative integer.
 */
export function resetSeed(environment: string, options: unknown): number | undefined {
  const { seed } = resetFields(environment, options, ["seed"]);
  return seed === undefined ? undefined : requireInteger(`seed of ${environment}`, seed, SAFE_SEEDS);
}

/**
 * What `reset` was given, as an object of the fields that it takes.
 *
 * @throws OptionError for anything but such an object, or nothing.
 */
export function resetFields(
  environment: string,
  options: unknown,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (options === undefined) return {};
  const fields = requireObject(`reset options of ${environment}`, options);
  const unknown = Object.keys(fields).find((key) => !names.includes(key));
  if (unknown === undefined) return fields;
  throw new OptionError(`reset options of ${environment}: expected only ${names.join(" and ")}, got ${unknown}`);
}
