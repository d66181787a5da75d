import { rangeText } from "@uphill/core-math";
import type { OptionDefinition } from "./schema.js";

/** Whether a message or a help page speaks of values in code or of text on a command line. */
export type OptionForm = "value" | "text";

/**
 * What an option allows, as a phrase for errors, help and reference pages: `a number in (0, 1]`,
 * `one of tanh, relu`, `a list of integers ≥ 1`.
 *
 * @param definition - The option.
 * @param form - `value` writes schedules and absence as in code (`{ linear: [a, b] }`, `null`); `text` as on a command
 *   line (`linear:a,b`, `none`).
 */
export function allowedText(definition: OptionDefinition, form: OptionForm = "value"): string {
  const allowed = allowedByKind(definition, form);
  if (!("nullable" in definition) || definition.nullable !== true) return allowed;
  return `${allowed}, or ${form === "value" ? "null" : "none"}`;
}

function allowedByKind(definition: OptionDefinition, form: OptionForm): string {
  switch (definition.kind) {
    case "number":
      return `a number${rangeText(definition.range)}`;
    case "integer":
      return `an integer${rangeText(definition.range)}`;
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${definition.choices.join(", ")}`;
    case "integers":
      return form === "value"
        ? `an array of integers${rangeText(definition.range)}`
        : `integers${rangeText(definition.range)} with commas between, or none`;
    case "schedule": {
      const schedules =
        form === "value"
          ? "{ linear: [start, end] } or { cosine: [start, end] }"
          : "linear:start,end or cosine:start,end";
      return `a number${rangeText(definition.range)}, or ${schedules} of such numbers`;
    }
    case "text":
      return form === "value" && definition.nullable === true
        ? 'a text that is neither empty nor "none"'
        : "a text that is not empty";
  }
}
