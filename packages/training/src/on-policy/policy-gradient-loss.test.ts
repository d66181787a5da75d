import { evaluate, input } from "@uphill/autodiff";
import { expect, test } from "vitest";
import { policyGradientLoss } from "./policy-gradient-loss.js";

test("by hand", () => {
  const inputs = { logProbability: input("logProbability", ["batch"]), advantage: input("advantage", ["batch"]) };
  expect(evaluate(policyGradientLoss(inputs), { logProbability: [-1, -2, -3], advantage: [1, -1, 2] })).toBeCloseTo(5 / 3, 10);
});
