import { constant, evaluate, float32, grad, input } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { distributionContract } from "../test/contract.js";
import { indexGrid } from "../test/grids.js";
import { expectClose, moderateNumbers, parametersOf, run, samples, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import { categorical } from "./categorical.js";
import { maskedCategorical } from "./masked-categorical.js";

/** Five outcomes of which the second and the last are excluded. */
const mask = constant([1, 0, 1, 1, 0], [5], "int32");
const allowed = [0, 2, 3];

const subject: Subject = {
  name: "maskedCategorical",
  shapes: { logits: [5] },
  make: (parameters) =>
    maskedCategorical(
      parameters && { logits: parameters["logits"], mask: mask.broadcastTo(parameters["logits"].shape) },
    ),
  values: fc.record({ logits: moderateNumbers(5) }),
  without: ["mean"],
  grid: indexGrid(5),
};

test("example: of three equal outcomes, two are allowed", () => {
  const p = maskedCategorical({ logits: input("logits", [1, 3]), mask: input("mask", [1, 3], "int32") });
  const feeds = { logits: [0, 0, 0], mask: [1, 0, 1] };
  expect(evaluate(p.probabilities, feeds)).toEqual(Float64Array.of(0.5, 0, 0.5));
  expectClose(evaluate(p.entropy(), feeds) as Float64Array, [Math.LN2], 1e-15);
});

distributionContract(subject);

test("it is the categorical of the allowed logits alone", () => {
  const [all, some] = [input("all", ["batch", 5]), input("some", ["batch", 3])];
  const [p, q] = [subject.make({ logits: all }), categorical({ logits: some })];
  const value = valueInput(q);
  const outcome = constant(allowed, [3], "int32").gather(value);
  const outputs = { p: p.logProbability(outcome), q: q.logProbability(value), pEntropy: p.entropy(), qEntropy: q.entropy() };
  const gradients = { byAll: grad(outputs.p.sum(), [all])[0], bySome: grad(outputs.q.sum(), [some])[0] };
  fc.assert(
    fc.property(moderateNumbers(5), fc.nat(2), (logits, index) => {
      const feeds = { all: logits, some: allowed.map((i) => logits[i]), value: [index] };
      const result = run([all, some, value], { ...outputs, ...gradients }, feeds);
      expectClose(result.p, result.q, 1e-12);
      expectClose(result.pEntropy, result.qEntropy, 1e-12);
      expectClose(allowed.map((i) => result.byAll[i]), result.bySome, 1e-12);
      expect([result.byAll[1], result.byAll[4]]).toEqual([0, 0]);
    }),
  );
});

test("excluded outcomes are never sampled and have probability 0", () => {
  fc.assert(
    fc.property(moderateNumbers(5), fc.nat(), (logits, seed) => {
      expect(samples(subject, { logits }, 200, seed).every((index) => allowed.includes(index))).toBe(true);
    }),
  );
  const p = subject.make({ logits: input("logits", ["batch", 5]) });
  const value = valueInput(p);
  const outputs = { logP: p.logProbability(value) };
  const feeds = { logits: [0, 0, 0, 0, 0], value: [1] };
  expect(run([...parametersOf(p), value], outputs, feeds, float32).logP).toEqual([-Infinity]);
});

test("what is no mask is refused", () => {
  const logits = input("logits", ["batch", 2]);
  expect(() => maskedCategorical({ logits, mask: input("mask", ["batch", 2]) })).toThrow(
    "maskedCategorical mask: expected a int32 tensor, got float32",
  );
  expect(() => maskedCategorical({ logits, mask: input("mask", ["batch", 3], "int32") })).toThrow(ShapeError);
  expect(() => maskedCategorical(null as never)).toThrow(OptionError);
});
