import type { Schedule } from "@uphill/nn";
import fc from "fast-check";
import { defineOptions } from "../src/options/define.js";
import type { OptionDefinition, OptionSchema } from "../src/options/schema.js";

/** One option of every kind. */
export const sample = defineOptions({
  gamma: { kind: "number", default: 0.99, range: { least: 0, most: 1 }, meaning: "discount of future rewards" },
  learningRate: { kind: "schedule", default: { linear: [3e-4, 0] }, range: { least: 0 }, meaning: "step size of Adam" },
  epochs: { kind: "integer", default: 10, range: { least: 1 }, meaning: "passes over each rollout" },
  klTarget: { kind: "number", default: 0.01, range: { above: 0 }, nullable: true, meaning: "largest KL", unit: "nats" },
  normalizeAdvantage: { kind: "boolean", default: true, meaning: "whether advantages are normalised" },
  activation: { kind: "choice", default: "tanh", choices: ["tanh", "relu"], meaning: "of the hidden layers" },
  hiddenWidths: { kind: "integers", default: [64, 64], range: { least: 1 }, meaning: "widths of the hidden layers" },
  label: { kind: "text", default: null, nullable: true, meaning: "a name for the run" },
});

/** The same options as a public type, written by hand. */
export interface SampleOptions {
  gamma?: number;
  learningRate?: Schedule;
  epochs?: number;
  klTarget?: number | null;
  normalizeAdvantage?: boolean;
  activation?: "tanh" | "relu";
  hiddenWidths?: readonly number[];
  label?: string | null;
}

export const sampleDefaults = {
  gamma: 0.99,
  learningRate: { linear: [3e-4, 0] },
  epochs: 10,
  klTarget: 0.01,
  normalizeAdvantage: true,
  activation: "tanh",
  hiddenWidths: [64, 64],
  label: null,
};

/** Any of a schema's options with any allowed values. */
export function givenFor(schema: OptionSchema): fc.Arbitrary<Record<string, unknown>> {
  const values = Object.entries(schema).map(([name, definition]) => [name, valueOf(definition)]);
  return fc.record(Object.fromEntries(values) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys: [] });
}

/** Any value that an option allows. */
export function valueOf(definition: OptionDefinition): fc.Arbitrary<OptionDefinition["default"]> {
  const value = presentValueOf(definition);
  return "nullable" in definition && definition.nullable === true ? fc.option(value) : value;
}

function presentValueOf(definition: OptionDefinition): fc.Arbitrary<OptionDefinition["default"]> {
  switch (definition.kind) {
    case "number":
      return numberIn(definition);
    case "integer":
      return integerIn(definition);
    case "boolean":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...definition.choices);
    case "integers":
      return fc.array(integerIn(definition));
    case "schedule":
      return fc.oneof(
        numberIn(definition),
        fc.tuple(numberIn(definition), numberIn(definition)).map((ends) => ({ linear: ends })),
        fc.tuple(numberIn(definition), numberIn(definition)).map((ends) => ({ cosine: ends })),
      );
    case "text":
      return fc.string({ minLength: 1 }).map((text) => (text === "none" ? "some" : text));
  }
}

function numberIn({ range = {} }: Extract<OptionDefinition, { kind: "number" | "schedule" }>): fc.Arbitrary<number> {
  return fc
    .double({
      noNaN: true,
      noDefaultInfinity: true,
      min: range.least ?? range.above,
      max: range.most ?? range.below,
      minExcluded: range.least === undefined && range.above !== undefined,
      maxExcluded: range.most === undefined && range.below !== undefined,
    })
    .map((value) => value + 0);
}

function integerIn({ range = {} }: Extract<OptionDefinition, { kind: "integer" | "integers" }>): fc.Arbitrary<number> {
  return fc
    .maxSafeInteger()
    .map((value) => (range.least === undefined ? value : Math.max(Math.abs(value), range.least)));
}
