import { compile, input, Store, variable } from "@uphill/autodiff";
import { expect, test } from "vitest";
import { optimizerContract } from "../test/optimizer-contract.js";
import { torchReference } from "../test/torch-reference.js";
import { rmsProp } from "./rms-prop.js";
import type { RmsPropOptions } from "./rms-prop.js";

/** θ, starting at 0, after steps with the gradients given. */
function descend(gradients: readonly number[], options: Partial<RmsPropOptions> = {}): number {
  const [theta, gradient, store] = [variable("theta", [], 0), input("gradient", []), new Store()];
  const updates = rmsProp([theta], [gradient], { learningRate: 1, ...options });
  const program = compile({ inputs: { gradient }, updates, store });
  for (const value of gradients) program.execute({ gradient: value });
  return store.read(theta)[0];
}

test("example: the first step is ten learning rates long, whatever the gradient's length", () => {
  expect(descend([1000])).toBeCloseTo(-10, 5);
  expect(descend([-1])).toBeCloseTo(10, 2);
});

optimizerContract({
  kind: "rmsProp",
  optimizer: rmsProp,
  byHand: (learningRate) => {
    const average = [0, 0, 0];
    return (theta, gradient) =>
      gradient.forEach((g, i) => {
        average[i] = 0.99 * average[i] + 0.01 * g ** 2;
        theta[i] -= (learningRate * g) / (Math.sqrt(average[i]) + 1e-5);
      });
  },
  variables: ["rmsProp/theta/secondMoment"],
  convergentRate: 0.02,
});

test("a constant gradient ends in steps of the learning rate", () => {
  const far = descend(Array<number>(1501).fill(2), { learningRate: 2 ** -10 });
  const near = descend(Array<number>(1500).fill(2), { learningRate: 2 ** -10 });
  expect((near - far) / 2 ** -10).toBeCloseTo(1, 3);
});

torchReference("rmsProp", (options) => (parameters, gradients, own) => rmsProp(parameters, gradients, { ...options, ...own }));

test("options out of their range are named", () => {
  expect(() => descend([], { decay: 1 })).toThrow("rmsProp decay: expected a finite number in [0, 1), got 1");
  expect(() => descend([], { epsilon: -1 })).toThrow("rmsProp epsilon: expected a finite number ≥ 0, got -1");
});
