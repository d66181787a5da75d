import { evaluate, input } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { distributionContract } from "../test/contract.js";
import { indexGrid, productGrid } from "../test/grids.js";
import { expectClose, moderateNumbers, parametersOf, run, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import { categorical } from "./categorical.js";
import { multiCategorical } from "./multi-categorical.js";

const counts = [3, 2];
const subject: Subject = {
  name: "multiCategorical of 3 and 2",
  shapes: { logits: [5] },
  make: (parameters) => multiCategorical(parameters && { logits: parameters["logits"], counts }),
  values: fc.record({ logits: moderateNumbers(5) }),
  without: ["mean"],
  grid: productGrid(indexGrid(3), indexGrid(2)),
};

test("example: a die of two sides and one of three", () => {
  const p = multiCategorical({ logits: input("logits", [1, 5]), counts: [2, 3] });
  const feeds = { logits: [0, Math.LN2, 0, 0, Math.LN2] };
  const value = input("value", [1, 2], "int32");
  expectClose(evaluate(p.logProbability(value), { ...feeds, value: [1, 2] }) as Float64Array, [Math.log(2 / 6)], 1e-14);
  expect(evaluate(p.mode(), feeds)).toEqual(Int32Array.of(1, 2));
});

distributionContract(subject);

test("log-probability, entropy and KL are sums over independent categoricals", () => {
  const [p, q] = ["", "other/"].map((prefix) => subject.make({ logits: input(`${prefix}logits`, ["batch", 5]) }));
  const parts = counts.map((count, k) =>
    ["", "other/"].map((prefix) => categorical({ logits: input(`${prefix}${k}`, ["batch", count]) })),
  );
  const value = valueInput(p);
  const indices = counts.map((_, k) => input(`index${k}`, ["batch"], "int32"));
  const joint = { logP: p.logProbability(value), entropy: p.entropy(), kl: p.kl(q) };
  const sum = (of: (k: number) => ReturnType<typeof p.entropy>) => of(0).add(of(1));
  const apart = {
    logP: sum((k) => parts[k][0].logProbability(indices[k])),
    entropy: sum((k) => parts[k][0].entropy()),
    kl: sum((k) => parts[k][0].kl(parts[k][1])),
  };
  fc.assert(
    fc.property(moderateNumbers(5), moderateNumbers(5), fc.nat(2), fc.nat(1), (a, b, i, j) => {
      const together = run([...parametersOf(p, q), value], joint, { logits: a, "other/logits": b, value: [i, j] });
      const separate = run([...parametersOf(...parts.flat()), ...indices], apart, {
        0: a.slice(0, 3), 1: a.slice(3), "other/0": b.slice(0, 3), "other/1": b.slice(3), index0: [i], index1: [j],
      });
      for (const name of ["logP", "entropy", "kl"] as const) expectClose(together[name], separate[name], 1e-13);
    }),
  );
});

test("counts that do not fit are refused", () => {
  const logits = input("logits", ["batch", 5]);
  expect(() => multiCategorical({ logits, counts: [2, 2] })).toThrow("multiCategorical counts: expected counts whose sum is 5, got [2, 2]");
  expect(() => multiCategorical({ logits, counts: [5, 0] })).toThrow("multiCategorical counts[1]: expected an integer ≥ 1, got 0");
  expect(() => multiCategorical({ logits, counts: [] })).toThrow(ShapeError);
  expect(() => multiCategorical({ logits, counts: 5 as never })).toThrow(OptionError);
  const other = multiCategorical({ logits, counts: [2, 3] });
  expect(() => multiCategorical({ logits, counts: [3, 2] }).kl(other)).toThrow("multiCategorical kl other: expected counts [3, 2], got [2, 3]");
});
