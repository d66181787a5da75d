import { defineOptions } from "@uphill/training";

/** Options of a step along the natural gradient. */
export const naturalStepOptions = defineOptions({
  klRadius: {
    kind: "number",
    default: 0.01,
    range: { above: 0 },
    unit: "nats",
    meaning: "KL that a step of the policy may have",
  },
  damping: {
    kind: "number",
    default: 0.1,
    range: { least: 0 },
    meaning: "what is added to the diagonal of the Fisher matrix",
  },
  conjugateGradientSteps: {
    kind: "integer",
    default: 15,
    range: { least: 1, most: 10_000 },
    meaning: "steps of conjugate gradients",
  },
});
