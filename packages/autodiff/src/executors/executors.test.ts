import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assign, compile, float32, grad, interpreter, variable, webAssembly } from "../index.js";
import type { NumericArray, Tensor } from "../index.js";
import { leaves, randomExpressions } from "../testing/random-expressions.js";

const sixtyFourths = (count: number) =>
  fc.array(fc.integer({ min: -128, max: 128 }).map((k) => k / 64), { minLength: count, maxLength: count });

const feedsOf = (batch: number) =>
  fc.record({
    matrix: sixtyFourths(3 * batch),
    other: sixtyFourths(3 * batch),
    row: sixtyFourths(3),
    column: sixtyFourths(batch),
    weights: sixtyFourths(9),
    scalar: sixtyFourths(1),
    mask: fc.array(fc.nat(1), { minLength: 3 * batch, maxLength: 3 * batch }),
  });

const array = (value: number | NumericArray): ArrayLike<number> => (typeof value === "number" ? [value] : value);

function expectClose(actual: number | NumericArray, truth: number | NumericArray): void {
  const [a, t] = [array(actual), array(truth)];
  expect(a.length).toBe(t.length);
  // Errors of float32 grow along chains of 25 operations; a wrong buffer or stride is off by far more.
  for (let i = 0; i < t.length; i++) expect(Math.abs(a[i] - t[i])).toBeLessThan(2e-3 * Math.max(1, Math.abs(t[i])));
}

describe.each([float32, webAssembly()])("$name against the interpreter", (executor) => {
  test("random expressions, outputs and updates, over changing batch sizes", () => {
    const batches = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(randomExpressions, batches.chain((sizes) => fc.tuple(...sizes.map(feedsOf))), (expressions, runs) => {
        const total = variable("total", [], 0.5);
        const outputs = Object.fromEntries(expressions.map((tensor, k) => [`y${k}`, tensor]));
        const updates = [assign(total, expressions.map((y) => y.mean()).reduce((a, b) => a.add(b)).add(total).mul(0.5))];
        const programs = [executor, interpreter].map((backend) => compile({ inputs: leaves, outputs, updates, backend }));
        for (const feeds of runs) {
          const [actual, truth] = programs.map((program) => program.run(feeds));
          for (const name of Object.keys(outputs)) expectClose(actual[name], truth[name]);
          const [stored, reference] = programs.map(({ store }) => store.read(total)[0]);
          expectClose(stored, reference);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("gradients of random expressions", () => {
    fc.assert(
      fc.property(randomExpressions, feedsOf(5), (expressions, feeds) => {
        const loss = expressions.map((y) => y.tanh().mean()).reduce((a: Tensor, b) => a.add(b));
        const sources = [leaves.matrix, leaves.row, leaves.column, leaves.weights];
        const outputs = Object.fromEntries(grad(loss, sources).map((gradient, k) => [`g${k}`, gradient]));
        const [actual, truth] = [executor, interpreter].map((backend) =>
          compile({ inputs: leaves, outputs, backend }).run(feeds),
        );
        for (const name of Object.keys(outputs)) expectClose(actual[name], truth[name]);
      }),
      { numRuns: 200 },
    );
  });

  test("the same program on the same feeds gives the same bits", () => {
    fc.assert(
      fc.property(randomExpressions, feedsOf(4), feedsOf(7), (expressions, first, second) => {
        const outputs = Object.fromEntries(expressions.map((tensor, k) => [`y${k}`, tensor]));
        const program = compile({ inputs: leaves, outputs, backend: executor });
        const before = program.run(first);
        program.run(second);
        expect(program.run(first)).toEqual(before);
        expect(compile({ inputs: leaves, outputs, backend: executor }).run(first)).toEqual(before);
      }),
    );
  });
});
