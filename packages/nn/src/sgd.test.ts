import { compile, input, Store, variable } from "@uphill/autodiff";
import { expect, test } from "vitest";
import { optimizerContract } from "../test/optimizer-contract.js";
import { torchReference } from "../test/torch-reference.js";
import { sgd } from "./sgd.js";
import type { SgdOptions } from "./sgd.js";

/** θ, starting at 0, after each step with the gradients given. */
function descend(gradients: readonly number[], options: Partial<SgdOptions>): number[] {
  const [theta, gradient, store] = [variable("theta", [], 0), input("gradient", []), new Store()];
  const program = compile({ inputs: { gradient }, updates: sgd([theta], [gradient], { learningRate: 1, ...options }), store });
  return gradients.map((value) => {
    program.execute({ gradient: value });
    return store.read(theta)[0];
  });
}

test("example: with momentum ½ a push fades by halves", () => {
  expect(descend([1, 0, 0], { momentum: 0.5 })).toEqual([-1, -1.5, -1.75]);
});

test("without momentum there is no state", () => {
  expect(descend([1, 0, 2], {})).toEqual([-1, -1, -3]);
  const theta = variable("theta", [], 0);
  expect(sgd([theta], [theta], { learningRate: 1 }).map(({ variable: { name } }) => name)).toEqual(["theta"]);
});

test("Nesterov's step is ahead by one momentum", () => {
  expect(descend([1, 0, 0], { momentum: 0.5, nesterov: true })).toEqual([-1.5, -1.75, -1.875]);
});

optimizerContract({
  kind: "sgd",
  optimizer: (parameters, gradients, options) => sgd(parameters, gradients, options && { momentum: 0.9, ...options }),
  byHand: (learningRate) => {
    const velocity = [0, 0, 0];
    return (theta, gradient) =>
      gradient.forEach((g, i) => {
        velocity[i] = 0.9 * velocity[i] + g;
        theta[i] -= learningRate * velocity[i];
      });
  },
  variables: ["sgd/theta/velocity"],
  convergentRate: 0.02,
});

torchReference("sgd", (options) => (parameters, gradients, own) => sgd(parameters, gradients, { ...options, ...own }));

test("options out of their range are named", () => {
  expect(() => descend([], { momentum: 1 })).toThrow("sgd momentum: expected a finite number in [0, 1), got 1");
  expect(() => descend([], { nesterov: 1 as never })).toThrow("sgd nesterov: expected true or false, got 1");
  expect(() => descend([], { nesterov: true })).toThrow("sgd momentum: expected a number above 0 with nesterov, got 0");
});
