import { allowedText } from "./allowed.js";
import type { OptionDefinition, OptionSchema } from "./schema.js";
import { flagName, formatOption } from "./text.js";

/** What help, a form or a reference page says about one option. */
export interface OptionDescription {
  /** The option's name in code: `learningRate`. */
  readonly name: string;
  /** `--learning-rate`. */
  readonly flag: string;
  /** What follows the flag, such as `NUMBER`; `undefined` where nothing must. */
  readonly placeholder: string | undefined;
  /** What the option does. */
  readonly meaning: string;
  /** What is allowed on a command line: `a number in [0, 1]`. */
  readonly allowed: string;
  /** The default, written as on a command line. */
  readonly default: string;
  /** The unit of its numbers, where they have one. */
  readonly unit: string | undefined;
}

const PLACEHOLDERS: Readonly<Record<OptionDefinition["kind"], string | undefined>> = {
  number: "NUMBER",
  integer: "INTEGER",
  boolean: undefined,
  choice: "NAME",
  integers: "INTEGERS",
  schedule: "SCHEDULE",
  text: "TEXT",
};

/**
 * The options of a schema in words.
 *
 * @param schema - The options.
 * @returns One description an option, in the schema's order.
 */
export function optionDescriptions(schema: OptionSchema): readonly OptionDescription[] {
  return Object.entries(schema).map(([name, definition]) => ({
    name,
    flag: flagName(name),
    placeholder: PLACEHOLDERS[definition.kind],
    meaning: definition.meaning,
    allowed: allowedText(definition, "text"),
    default: formatOption(definition, definition.default),
    unit: definition.unit,
  }));
}
