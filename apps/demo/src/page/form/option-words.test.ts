import { expect, test } from "vitest";
import { runOptions } from "../../run-options.js";
import { besideField, helpOf, labelOf } from "./option-words.js";

test("names as labels", () => {
  expect(["gamma", "learningRate", "klTarget", "maxGradientNorm"].map(labelOf)).toEqual([
    "Gamma",
    "Learning rate",
    "KL target",
    "Max gradient norm",
  ]);
});

test("help has the meaning, what is allowed, and where the value comes from", () => {
  expect(helpOf(runOptions.gamma, 0.98, "CartPole-v1")).toBe(
    "Discount of future rewards. Allowed: a number in [0, 1]. CartPole-v1 uses 0.98; default 0.99.",
  );
  expect(helpOf(runOptions.klTarget, null, "CartPole-v1")).toBe(
    "KL of which 1.5 times ends an update, in nats. Allowed: a number > 0, or none. Default none.",
  );
});

test("an error beside its field does not repeat the name", () => {
  expect(besideField("gamma: expected a number in [0, 1], got 1.5")).toBe("Expected a number in [0, 1], got 1.5.");
  expect(besideField('learningRate: expected a number in [0, 1], or linear:start,end, got "linear:"')).toBe(
    'Expected a number in [0, 1], or linear:start,end, got "linear:".',
  );
});
