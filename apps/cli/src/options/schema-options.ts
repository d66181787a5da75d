import { flagName, optionDescriptions, parseOption, resolveOptions } from "@uphill/training";
import type { GivenOptions, OptionDescription, OptionSchema, OptionsOf } from "@uphill/training";
import { Option } from "commander";
import type { Command } from "commander";

/**
 * Adds the options of a schema to a command: flags, checks and help all come from the schema.
 *
 * @param command - The command.
 * @param heading - What help calls this group of options.
 * @param schema - The options.
 */
export function addSchemaOptions(command: Command, heading: string, schema: OptionSchema): void {
  for (const description of optionDescriptions(schema)) {
    for (const option of optionsOf(description)) command.addOption(option.helpGroup(heading));
  }
}

/**
 * What was written on the command line of a schema's options; the others are absent.
 *
 * @throws OptionError naming the flag, what it allows, and what was written.
 */
export function givenOptions<S extends OptionSchema>(command: Command, schema: S): GivenOptions<S> {
  const written = Object.entries(command.opts<Readonly<Record<string, string | boolean>>>())
    .filter(([name]) => Object.hasOwn(schema, name))
    .map(([name, value]) => {
      return [name, typeof value === "boolean" ? value : parseOption(flagName(name), schema[name], value)];
    });
  return Object.fromEntries(written) as GivenOptions<S>;
}

/** The options of a schema, defaults included where nothing was written; throws as {@link givenOptions}. */
export function optionValues<S extends OptionSchema>(command: Command, schema: S): OptionsOf<S> {
  return resolveOptions(schema, givenOptions(command, schema));
}

function optionsOf(description: OptionDescription): readonly Option[] {
  const { flag, placeholder } = description;
  if (placeholder !== undefined) return [new Option(`${flag} <${placeholder}>`, helpText(description))];
  const off = new Option(`--no-${flag.slice(2)}`);
  return description.default === "true"
    ? [new Option(flag).hideHelp(), describedSwitch(off, description, "on")]
    : [describedSwitch(new Option(flag), description, "off"), off.hideHelp()];
}

/** A switch is listed by the flag that changes something; its opposite exists too, to override a preset. */
function describedSwitch(option: Option, { meaning, flag }: OptionDescription, normally: "on" | "off"): Option {
  const opposite = option.negate ? flag : `--no-${flag.slice(2)}`;
  const effect = option.negate ? `do not ${meaning}` : meaning;
  option.description = `${effect} (${normally} by default; ${opposite} is its opposite)`;
  return option;
}

function helpText({ meaning, allowed, unit, default: usual }: OptionDescription): string {
  const measured = unit === undefined ? allowed : `${allowed}, in ${unit}`;
  return `${meaning} (${measured}; default ${usual})`;
}
