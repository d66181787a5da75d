import { expectation, OptionError } from "@uphill/core-math";
import { acceptedValue } from "./accept.js";
import { allowedText } from "./allowed.js";
import { checkOption, unknownNameError } from "./resolve.js";
import type { GivenOptions, OptionDefinition, OptionSchema, OptionValue } from "./schema.js";

const DECIMAL = /^[-+]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:e[-+]?\d+)?$/iu;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["false", false],
]);
const SCHEDULE = /^(linear|cosine):([^,]+),([^,]+)$/u;

/** The command-line flag of an option: `--learning-rate` for `learningRate`. */
export function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * An option's value from text, as a command line or a form field gives it: `0.9`, `100_000`, `true`, `64,64`,
 * `linear:3e-4,0`, `none`.
 *
 * @param name - The name for the error, such as `--gamma`.
 * @param definition - The option.
 * @param text - What was written.
 * @returns The value, as `resolveOptions` would give it.
 * @throws OptionError naming what is allowed and what came.
 */
export function parseOption<D extends OptionDefinition>(name: string, definition: D, text: string): OptionValue<D> {
  const accepted = acceptedValue(definition, readText(definition, text));
  if (accepted === undefined) throw new OptionError(expectation(name, allowedText(definition, "text"), text));
  return accepted as OptionValue<D>;
}

/**
 * Options from texts by flag, with or without the leading `--`, or by name.
 *
 * @param schema - The options that there are.
 * @param texts - What was written, such as `{ "--learning-rate": "linear:3e-4,0" }`.
 * @returns Those options, by name, ready for `resolveOptions`.
 * @throws OptionError naming the flag; for an unknown flag, the nearest known one.
 */
export function parseOptions<S extends OptionSchema>(
  schema: S,
  texts: Readonly<Record<string, string>>,
): GivenOptions<S> {
  const names = new Map(Object.keys(schema).map((name) => [flagName(name), name]));
  const given = Object.entries(texts).map(([key, text]) => {
    const flag = key.startsWith("--") ? key : flagName(key);
    const name = names.get(flag);
    if (name === undefined) throw unknownNameError(flag, [...names.keys()]);
    return [name, parseOption(flag, schema[name], text)];
  });
  return Object.fromEntries(given) as GivenOptions<S>;
}

/**
 * A value as text, such that {@link parseOption} reads the same value back.
 *
 * @param definition - The option.
 * @param value - A value that it allows.
 * @returns The text: `0.9`, `true`, `64,64`, `linear:0.0003,0`, `none`.
 * @throws OptionError where the option does not allow the value.
 */
export function formatOption(definition: OptionDefinition, value: OptionDefinition["default"]): string {
  checkOption("value", definition, value);
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  if ("linear" in value) return `linear:${value.linear.join(",")}`;
  if ("cosine" in value) return `cosine:${value.cosine.join(",")}`;
  return value.length === 0 ? "none" : value.join(",");
}

/** The value that the text stands for, not yet checked; `undefined` where it stands for none. */
function readText(definition: OptionDefinition, text: string): unknown {
  if (text === "none" && "nullable" in definition && definition.nullable === true) return null;
  switch (definition.kind) {
    case "number":
    case "integer":
      return readNumber(text);
    case "boolean":
      return BOOLEANS.get(text);
    case "integers":
      return text === "none" ? [] : text.split(",").map(readNumber);
    case "schedule": {
      const [, shape, from, to] = SCHEDULE.exec(text) ?? [];
      return shape === undefined ? readNumber(text) : { [shape]: [readNumber(from), readNumber(to)] };
    }
    case "choice":
    case "text":
      return text;
  }
}

function readNumber(text: string): number | undefined {
  const number = text.trim();
  return DECIMAL.test(number) ? Number(number.replaceAll("_", "")) : undefined;
}
