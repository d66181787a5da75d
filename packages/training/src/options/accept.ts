import type { NumberRange } from "@uphill/core-math";
import type { Schedule } from "@uphill/nn";
import type { OptionDefinition } from "./schema.js";

/**
 * A value as the option stores it: copied where it is a list, −0 as 0, so that JSON returns exactly the same.
 *
 * @returns The value, or `undefined` where the option does not allow it.
 */
export function acceptedValue(definition: OptionDefinition, value: unknown): unknown {
  if (value === null) return "nullable" in definition && definition.nullable === true ? null : undefined;
  switch (definition.kind) {
    case "number":
      return acceptedNumber(value, definition.range);
    case "integer":
      return Number.isSafeInteger(value) ? acceptedNumber(value, definition.range) : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "choice":
      return definition.choices.find((choice) => choice === value);
    case "integers":
      return acceptedIntegers(value, definition.range);
    case "schedule":
      return acceptedSchedule(value, definition.range);
    case "text":
      if (typeof value !== "string" || value === "") return undefined;
      return definition.nullable === true && value === "none" ? undefined : value;
  }
}

function acceptedNumber(value: unknown, { least, most, above, below }: NumberRange = {}): number | undefined {
  if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
  const low = (least === undefined || value >= least) && (above === undefined || value > above);
  const high = (most === undefined || value <= most) && (below === undefined || value < below);
  return low && high ? value + 0 : undefined;
}

function acceptedIntegers(value: unknown, range?: NumberRange): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const accepted: number[] = [];
  for (const element of value as readonly unknown[]) {
    const integer = Number.isSafeInteger(element) ? acceptedNumber(element, range) : undefined;
    if (integer === undefined) return undefined;
    accepted.push(integer);
  }
  return accepted;
}

function acceptedSchedule(value: unknown, range?: NumberRange): Schedule | undefined {
  if (typeof value === "number") return acceptedNumber(value, range);
  if (typeof value !== "object" || value === null) return undefined;
  const entries = Object.entries(value) as [string, unknown][];
  if (entries.length !== 1) return undefined;
  const [shape, ends] = entries[0];
  if (!Array.isArray(ends) || ends.length !== 2) return undefined;
  const from = acceptedNumber(ends[0], range);
  const to = acceptedNumber(ends[1], range);
  if (from === undefined || to === undefined) return undefined;
  if (shape === "linear") return { linear: [from, to] };
  return shape === "cosine" ? { cosine: [from, to] } : undefined;
}
