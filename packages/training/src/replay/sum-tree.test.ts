import { OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SumTree } from "./sum-tree.js";

function treeOf(values: readonly number[]): SumTree {
  const tree = new SumTree(values.length);
  values.forEach((value, index) => tree.set(index, value));
  return tree;
}

describe("SumTree", () => {
  it("finds a number by a partial sum", () => {
    const tree = treeOf([1, 0, 2, 3]);
    expect(tree.total).toBe(6);
    expect([0, 0.5, 1, 2.9, 3, 5.9].map((sum) => tree.find(sum))).toEqual([0, 0, 2, 2, 3, 3]);
  });

  it("agrees with a walk over the sums, and does not depend on what was there before", () => {
    const values = fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, values, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (numbers, others, part) => {
        const tree = new SumTree(numbers.length);
        others.forEach((value, index) => index < numbers.length && tree.set(index, value));
        numbers.forEach((value, index) => tree.set(index, value));
        const total = numbers.reduce((sum, value) => sum + value, 0);
        expect(tree.total).toBe(total);
        if (total === 0) return;
        const sum = Math.floor(part * total);
        let left = sum;
        const expected = numbers.findIndex((value) => (left -= value) < 0);
        expect(tree.find(sum)).toBe(expected);
      }),
    );
  });

  it("never finds a 0 beside other numbers, whatever rounding does", () => {
    const values = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e9, noNaN: true })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (numbers, part) => {
        const tree = treeOf([...numbers, 1]);
        expect(tree.get(tree.find(part * tree.total))).toBeGreaterThan(0);
      }),
    );
  });

  it("refuses places that it does not have, and numbers that are none", () => {
    const tree = treeOf([1, 2, 3]);
    for (const index of [-1, 3, 0.5, NaN]) expect(() => tree.get(index)).toThrow(OptionError);
    for (const value of [-1, NaN, Infinity]) expect(() => tree.set(0, value)).toThrow(OptionError);
    expect(tree.total).toBe(6);
    expect(() => new SumTree(0)).toThrow(OptionError);
  });
});
