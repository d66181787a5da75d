import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assign, compile, float32, interpreter, Store, variable, webAssembly } from "../index.js";
import type { Tensor, Variable } from "../index.js";

/** How a variable's next value is made of two present ones. */
const rules: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a) => a,
  (a, b) => a.add(b),
  (a, b) => a.sub(b),
  (a, b) => a.add(b.sum()),
  (a, b) => a.add(b.max()).neg(),
  (a, b) => a.reshape([9]).add(b.reshape([9])).reshape([3, 3]),
  (a, b) => a.transpose().sub(b),
  (a, b) => a.sign().matmul(b.sign()),
  (a, b) => a.slice(0, 0, 1).add(b),
];

const choice = fc.record({ rule: fc.nat(rules.length - 1), a: fc.nat(3), b: fc.nat(3), updated: fc.boolean(), output: fc.boolean() });
const choices = fc.array(choice, { minLength: 4, maxLength: 4 });

const makeVariables = (): Variable[] =>
  [0, 1, 2, 3].map((k) => variable(`v${k}`, [3, 3], Array.from({ length: 9 }, (_, i) => ((i * 5 + k * 3) % 7) - 3)));

describe.each([float32, webAssembly(), webAssembly({ deterministic: true })])("$name", (backend) => {
  test("any updates are simultaneous, and outputs are of before, to the bit", () => {
    fc.assert(
      fc.property(choices, fc.integer({ min: 1, max: 4 }), (chosen, runs) => {
        const variables = makeVariables();
        const next = chosen.map(({ rule, a, b }) => rules[rule](variables[a], variables[b]));
        const updates = chosen.flatMap(({ updated }, k) => (updated ? [assign(variables[k], next[k])] : []));
        const outputs = Object.fromEntries(
          chosen.flatMap(({ output }, k) => (output ? [[`v${k}`, variables[k]], [`next${k}`, next[k]]] : [])),
        ) as Record<string, Tensor>;
        const [actual, truth] = [backend, interpreter].map((executor) =>
          compile({ inputs: {}, outputs, updates, store: new Store(), backend: executor }),
        );
        for (let run = 0; run < runs; run++) {
          // Sums of small integers are exact in float32 too.
          const [given, expected] = [actual.run({}), truth.run({})];
          for (const name of Object.keys(outputs)) {
            expect([...(given[name] as Float32Array)]).toEqual([...(expected[name] as Float64Array)]);
          }
          for (const { variable: updated } of updates) {
            expect([...actual.store.read(updated)]).toEqual([...truth.store.read(updated)]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});
