import { expectation, OptionError } from "@uphill/core-math";
import { acceptedValue } from "./accept.js";
import { allowedText } from "./allowed.js";
import type { OptionDefinition, OptionSchema } from "./schema.js";

/**
 * A schema, checked once where it is written: names in camelCase, meanings present, every default allowed by its own
 * option.
 *
 * @example
 * const options = defineOptions({
 *   gamma: { kind: "number", default: 0.99, range: { least: 0, most: 1 }, meaning: "discount of future rewards" },
 * });
 *
 * @param schema - Definitions by name.
 * @returns The same object, its type kept exact so that {@link resolveOptions} can derive the options' types.
 * @throws OptionError naming the option and what is wrong with its definition.
 */
export function defineOptions<const S extends OptionSchema>(schema: S): S {
  for (const [name, definition] of Object.entries(schema)) checkDefinition(name, definition);
  return schema;
}

function checkDefinition(name: string, definition: OptionDefinition): void {
  if (!/^[a-z][A-Za-z0-9]*$/u.test(name)) {
    throw new OptionError(expectation("schema", "names in camelCase", name));
  }
  if (typeof definition.meaning !== "string" || definition.meaning.trim() === "") {
    throw new OptionError(expectation(`${name}.meaning`, "a phrase", definition.meaning));
  }
  if (definition.kind === "choice") checkChoices(name, definition.choices);
  if (acceptedValue(definition, definition.default) === undefined) {
    throw new OptionError(expectation(`${name}.default`, allowedText(definition), definition.default));
  }
}

function checkChoices(name: string, choices: readonly string[]): void {
  const words = choices.every((choice) => /^[\w.-]+$/u.test(choice) && choice !== "none");
  if (choices.length === 0 || !words || new Set(choices).size < choices.length) {
    throw new OptionError(expectation(`${name}.choices`, "distinct words other than none", choices));
  }
}
