import { flagName, formatOption, unknownNameError } from "@uphill/training";
import type { Algorithm, OptionSchema } from "@uphill/training";
import { Option } from "commander";

/** `--preset`: whose tuned options stand in for the algorithm's defaults. */
export function presetOption({ presets }: Algorithm): Option {
  const names = [...Object.keys(presets), "none"];
  return new Option(
    "--preset <NAME>",
    `tuned defaults (${names.join(", ")}; default: the environment's, if it has some)`,
  ).argParser((name: string) => {
    if (names.includes(name)) return name;
    throw unknownNameError(name, names, "preset");
  });
}

/**
 * The preset that a run uses.
 *
 * @param algorithm - Whose presets.
 * @param environmentId - The environment's id.
 * @param given - What `--preset` said, if anything.
 * @returns A name in `algorithm.presets`, or null for none.
 */
export function chosenPreset({ presets }: Algorithm, environmentId: string, given: string | undefined): string | null {
  if (given === "none") return null;
  return given ?? (Object.hasOwn(presets, environmentId) ? environmentId : null);
}

/** A preset as flags: `--gamma 0.98 --learning-rate linear:0.001,0`. */
export function presetFlags(schema: OptionSchema, preset: Readonly<Record<string, unknown>>): string {
  return Object.entries(preset)
    .map(([name, value]) => {
      const flag = flagName(name);
      if (typeof value === "boolean") return value ? flag : `--no-${flag.slice(2)}`;
      return `${flag} ${formatOption(schema[name], value as OptionSchema[string]["default"])}`;
    })
    .join(" ");
}
