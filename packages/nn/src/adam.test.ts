import { compile, input, Store, variable } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import { optimizerContract } from "../test/optimizer-contract.js";
import { torchReference } from "../test/torch-reference.js";
import { adam } from "./adam.js";
import type { AdamOptions } from "./adam.js";

/** θ, starting at 0, after steps with the gradients given. */
function descend(gradients: readonly number[], options: Partial<AdamOptions> = {}): { theta: number; store: Store } {
  const [theta, gradient, store] = [variable("theta", [], 0), input("gradient", []), new Store()];
  const program = compile({ inputs: { gradient }, updates: adam([theta], [gradient], { learningRate: 1, ...options }), store });
  for (const value of gradients) program.execute({ gradient: value });
  return { theta: store.read(theta)[0], store };
}

test("example: the first step has the length of the learning rate, whatever the gradient's", () => {
  expect(descend([1000]).theta).toBeCloseTo(-1, 6);
  expect(descend([-0.01]).theta).toBeCloseTo(1, 5);
});

optimizerContract({
  kind: "adam",
  optimizer: adam,
  byHand: (learningRate) => {
    const [m, v] = [[0, 0, 0], [0, 0, 0]];
    return (theta, gradient, t) =>
      gradient.forEach((g, i) => {
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g ** 2;
        theta[i] -= (learningRate * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8);
      });
  },
  variables: ["adam/step", "adam/theta/firstMoment", "adam/theta/secondMoment"],
  convergentRate: 0.05,
});

test("without ε, scaling the gradients changes nothing", () => {
  const gradients = fc.array(fc.double({ min: 0.1, max: 10, noNaN: true }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(gradients, fc.integer({ min: -20, max: 20 }), (values, exponent) => {
      const scaled = values.map((value) => value * 2 ** exponent);
      expect(descend(scaled, { epsilon: 0 }).theta).toBe(descend(values, { epsilon: 0 }).theta);
    }),
  );
});

test("a constant gradient makes steps of the learning rate from first to last", () => {
  // The corrections 1 − βᵗ must hold in float32 at the first step and after thousands.
  const steps = 3000;
  const { theta, store } = descend(Array<number>(steps).fill(0.5), { learningRate: 2 ** -10 });
  expect(Math.abs(theta / (-steps * 2 ** -10) - 1)).toBeLessThan(1e-5);
  expect(store.read(store.find("adam/step")!)[0]).toBe(steps);
});

test("β of 0 keeps no memory", () => {
  expect(descend([3, -5], { beta1: 0, beta2: 0 }).theta).toBeCloseTo(0, 6);
});

torchReference("adam", (options) => (parameters, gradients, own) => adam(parameters, gradients, { ...options, ...own }));

test("options out of their range are named", () => {
  expect(() => descend([], { beta1: 1 })).toThrow("adam beta1: expected a finite number in [0, 1), got 1");
  expect(() => descend([], { beta2: -0.1 })).toThrow("adam beta2: expected a finite number in [0, 1), got -0.1");
  expect(() => descend([], { epsilon: Number.NaN })).toThrow("adam epsilon: expected a finite number ≥ 0, got NaN");
});
