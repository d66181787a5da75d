import { evaluate, input } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { distributionContract } from "../test/contract.js";
import { moderateNumbers, parametersOf, run, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import { deterministic } from "./deterministic.js";

const subject: Subject = {
  name: "deterministic of 2",
  shapes: { point: [2] },
  make: (parameters) => deterministic(parameters && { point: parameters["point"] }),
  values: fc.record({ point: moderateNumbers(2) }),
  without: ["fisher"],
};

test("example: the one value is certain", () => {
  const p = deterministic({ point: input("action", [1, 2]) });
  const feeds = { action: [3, 4] };
  const value = input("value", [1, 2]);
  expect(evaluate(p.logProbability(value), { ...feeds, value: [3, 4] })).toEqual(Float64Array.of(0));
  expect(evaluate(p.logProbability(value), { ...feeds, value: [3, 5] })).toEqual(Float64Array.of(-Infinity));
  expect(evaluate(p.sample(input("noise", [1])), feeds)).toEqual(Float64Array.of(3, 4));
});

distributionContract(subject);

test("any other value has probability 0, and is infinitely far", () => {
  const [p, q] = [subject.make({ point: input("action", ["batch", 2]) }), subject.make({ point: input("other", ["batch", 2]) })];
  const value = valueInput(p);
  const outputs = { logP: p.logProbability(value), kl: p.kl(q), entropy: p.entropy() };
  fc.assert(
    fc.property(moderateNumbers(2), fc.nat(1), (action, moved) => {
      const other = action.with(moved, action[moved] + 1e-3);
      const { logP, kl, entropy } = run([...parametersOf(p, q), value], outputs, { action, other, value: other });
      expect([logP, kl, entropy]).toEqual([[-Infinity], [Infinity], [0]]);
    }),
  );
});

test("a value without a fixed last axis is refused", () => {
  expect(() => deterministic({ point: input("action", ["batch"]) })).toThrow(ShapeError);
  expect(() => deterministic({ point: 1 as never })).toThrow("deterministic point: expected a float32 tensor, got 1");
});
