import { compile, input, Store, variable } from "@uphill/autodiff";
import { expect, test } from "vitest";
import { expectClose } from "./close.js";
import type { Optimizer } from "./optimizer-contract.js";
import reference from "./reference/optimizers.json" with { type: "json" };

/** Runs the cases of one optimiser against PyTorch's parameters after each step, and its state after the last. */
export function torchReference(kind: string, bind: (options: object) => Optimizer): void {
  const cases = reference.cases.filter(({ optimizer }) => optimizer === kind);
  test(`there are reference runs of ${kind}`, () => expect(cases.length).toBeGreaterThan(0));

  test.each(cases)("follows PyTorch with $options", ({ options, parameters, state }) => {
    const size = reference.initial.length;
    const [theta, gradient, store] = [variable("theta", [size], reference.initial), input("gradient", [size]), new Store()];
    const updates = bind(options)([theta], [gradient], { learningRate: options.learningRate });
    const program = compile({ inputs: { gradient }, updates, store });
    reference.gradients.forEach((values, step) => {
      program.execute({ gradient: values });
      expectElementwise(store.read(theta), parameters[step]);
    });
    for (const [name, values] of Object.entries(state)) {
      expectElementwise(store.read(store.find(`${kind}/theta/${name}`)!), values);
    }
  });
}

/** Each element to 1e-5 of itself: the reference's gradients differ by nine orders of magnitude. */
function expectElementwise(actual: ArrayLike<number>, expected: readonly number[]): void {
  expectClose(Array.from(actual, (value, i) => value / expected[i]), expected.map(() => 1), 1e-5);
}
