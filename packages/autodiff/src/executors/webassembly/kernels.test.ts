import { describe, expect, test } from "vitest";
import { compile, evaluate, input, Store, webAssembly } from "../../index.js";
import type { Tensor } from "../../index.js";

const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(seed + i * 12.9898) * 2));

/** Runs a program on memory that held NaN before, so that a kernel that reads its padding shows. */
function runOnPoisonedMemory(result: Tensor, inputs: Record<string, Tensor>, feeds: Record<string, { data: Float32Array; shape: number[] }>) {
  const store = new Store();
  const poison = input("poison", ["n"]);
  const filler = compile({ inputs: { poison }, outputs: { y: poison.add(NaN) }, store, backend: webAssembly() });
  filler.run({ poison: new Float32Array(20_000).fill(NaN) });
  const program = compile({ inputs, outputs: { result }, store, backend: webAssembly() });
  program.execute(Object.fromEntries(Object.entries(feeds).map(([name, { data, shape }]) => [name, { data: data.map(() => NaN), shape }])));
  program.execute(feeds);
  return program.view("result");
}

const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 63, 65];

describe("products of every size and orientation", () => {
  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])("transposeA %s, transposeB %s", (transposeA, transposeB) => {
    for (const m of sizes) {
      for (const k of sizes) {
        const n = sizes[(m * 7 + k * 3) % sizes.length];
        const a = input("a", transposeA ? [k, "m"] : ["m", k]);
        const b = input("b", transposeB ? ["n", k] : [k, "n"]);
        const feeds = {
          a: { data: numbers(m * k, m), shape: transposeA ? [k, m] : [m, k] },
          b: { data: numbers(k * n, n), shape: transposeB ? [n, k] : [k, n] },
        };
        const product = a.matmul(b, { transposeA, transposeB });
        const truth = evaluate(product, feeds) as Float64Array;
        const actual = runOnPoisonedMemory(product, { a, b }, feeds);
        expect(actual.length).toBe(m * n);
        // Sums of k products of numbers up to 2, each rounded to float32.
        for (let i = 0; i < truth.length; i++) expect(Math.abs(actual[i] - truth[i])).toBeLessThan(1e-6 * (4 + k));
      }
    }
  });
});

describe("products with what follows them", () => {
  test.each([
    [false, false],
    [true, false],
    [false, true],
  ])("transposeA %s, transposeB %s", (transposeA, transposeB) => {
    const someSizes = [1, 3, 5, 7, 63, 65, 257];
    someSizes.forEach((m, index) => {
      const [k, n] = [someSizes[(index * 3 + 1) % 7], someSizes[(index * 5 + 2) % 7]];
      const a = input("a", transposeA ? [k, "m"] : ["m", k]);
      const b = input("b", transposeB ? ["n", k] : [k, "n"]);
      const [row, column] = [input("row", ["n"]), input("column", ["m", 1])];
      const feeds = {
        a: { data: numbers(m * k, m), shape: transposeA ? [k, m] : [m, k] },
        b: { data: numbers(k * n, n).map((x) => x / k), shape: transposeB ? [n, k] : [k, n] },
        row: { data: numbers(n, 3), shape: [n] },
        column: { data: numbers(m, 4), shape: [m, 1] },
      };
      const hidden = a.matmul(b, { transposeA, transposeB }).add(row).tanh().mul(column);
      const results = [hidden, hidden.sum(0), hidden.max(1), hidden.square().sum()];
      for (const result of results) {
        const expected = evaluate(result, feeds);
        const truth = typeof expected === "number" ? [expected] : expected;
        const actual = runOnPoisonedMemory(result, { a, b, row, column }, feeds);
        expect(actual.length).toBe(truth.length);
        for (let i = 0; i < truth.length; i++) expect(Math.abs(actual[i] - truth[i])).toBeLessThan(1e-6 * (10 + m + Math.abs(truth[i])));
      }
    });
  });
});

describe("reductions of every size and direction", () => {
  test.each(["sum", "max"] as const)("%s", (name) => {
    for (const rows of sizes) {
      for (const columns of sizes) {
        const x = input("x", ["rows", "columns"]);
        const feeds = { x: { data: numbers(rows * columns, rows), shape: [rows, columns] } };
        for (const axes of [[0], [1], [0, 1]]) {
          const result = x[name](axes);
          const expected = evaluate(result, feeds);
          const truth = typeof expected === "number" ? [expected] : expected;
          const actual = runOnPoisonedMemory(result, { x }, feeds);
          expect(actual.length).toBe(truth.length);
          for (let i = 0; i < truth.length; i++) expect(Math.abs(actual[i] - truth[i])).toBeLessThan(1e-7 * (4 + rows * columns));
        }
      }
    }
  });
});
