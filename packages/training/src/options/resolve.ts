import { describe, expectation, nearestNames, OptionError } from "@uphill/core-math";
import { acceptedValue } from "./accept.js";
import { allowedText } from "./allowed.js";
import type { OptionDefinition, OptionSchema, OptionsOf, OptionValue } from "./schema.js";

/**
 * All options of a schema: those that were given, checked, and the defaults of the others.
 *
 * The result is plain JSON data of its own: changing `given` later does not change it, and
 * `resolveOptions(schema, JSON.parse(JSON.stringify(result)))` is equal to it.
 *
 * @param schema - The options that there are.
 * @param given - What the caller wrote; `undefined` counts as not given.
 * @param preset - Values that stand in for the schema's defaults.
 * @returns Every option by name, in the schema's order.
 * @throws OptionError naming the option, what it allows and what came; for an unknown option, the nearest known one.
 */
export function resolveOptions<S extends OptionSchema>(
  schema: S,
  given: object = {},
  preset: object = {},
): OptionsOf<S> {
  const chosen = { ...givenValues("preset", schema, preset), ...givenValues("options", schema, given) };
  const resolved = Object.entries(schema).map(([name, definition]) => {
    const value = Object.hasOwn(chosen, name) ? chosen[name] : definition.default;
    return [name, checkOption(name, definition, value)];
  });
  return Object.fromEntries(resolved) as OptionsOf<S>;
}

/**
 * One value, checked against its definition: for an argument that is not part of a schema, such as a step budget.
 *
 * @param name - The argument's name, for the error.
 * @param definition - What is allowed.
 * @param value - What came.
 * @returns The value, as {@link resolveOptions} would give it.
 * @throws OptionError where it is not allowed.
 */
export function checkOption<D extends OptionDefinition>(name: string, definition: D, value: unknown): OptionValue<D> {
  const accepted = acceptedValue(definition, value);
  if (accepted === undefined) throw new OptionError(expectation(name, allowedText(definition), value));
  return accepted as OptionValue<D>;
}

/**
 * The error for a name that does not exist: says the nearest one that does, or else all of them.
 *
 * @param given - The name that came.
 * @param names - The names that exist.
 * @param what - What the names name: `option`, `environment`.
 */
export function unknownNameError(given: string, names: readonly string[], what = "option"): OptionError {
  const [nearest] = nearestNames(given, names);
  const hint = nearest === undefined ? `expected one of ${names.join(", ")}` : `did you mean ${nearest}?`;
  return new OptionError(`${describe(given)}: no such ${what}; ${hint}`);
}

function givenValues(argument: string, schema: OptionSchema, given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new OptionError(expectation(argument, "an object of options by name", given));
  }
  const entries = (Object.entries(given) as [string, unknown][]).filter(([, value]) => value !== undefined);
  for (const [name] of entries) {
    if (!Object.hasOwn(schema, name)) throw unknownNameError(name, Object.keys(schema));
  }
  return Object.fromEntries(entries);
}
