import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareWithTruth } from "../../test/random-programs/compare.js";
import { randomPrograms } from "../../test/random-programs/random-programs.js";
import { compile, float32, webAssembly } from "../index.js";
import { enableRelaxedSimd } from "../node/enable-relaxed-simd.js";

const relaxed = enableRelaxedSimd() ? [{ label: "webAssembly, relaxed SIMD", executor: webAssembly() }] : [];

describe.each([
  { label: "float32", executor: float32 },
  { label: "webAssembly, plain SIMD", executor: webAssembly({ deterministic: true }) },
  ...relaxed,
])("$label", ({ executor }) => {
  test("random programs agree with float64 within their running error bounds", () => {
    let [all, compared] = [0, 0];
    fc.assert(
      fc.property(randomPrograms, (program) => {
        const comparison = compareWithTruth(program, executor);
        expect(comparison.mistake).toBeUndefined();
        all++;
        if (comparison.compared) compared++;
      }),
      { numRuns: 300 },
    );
    expect(compared / all).toBeGreaterThanOrEqual(0.95);
  });

  test("the same program on the same feeds gives the same bits", () => {
    fc.assert(
      fc.property(randomPrograms, ({ parts, runs }) => {
        const { inputs, outputs } = parts;
        const shaped = runs.map(({ batch, feeds }) =>
          Object.fromEntries(
            Object.entries(inputs).map(([name, { shape }]) => {
              return [name, { data: feeds[name], shape: shape.map((d) => (typeof d === "number" ? d : batch)) }];
            }),
          ),
        );
        const program = compile({ inputs, outputs, backend: executor });
        const before = program.run(shaped[0]);
        for (const feeds of shaped) program.run(feeds);
        expect(program.run(shaped[0])).toEqual(before);
        expect(compile({ inputs, outputs, backend: executor }).run(shaped[0])).toEqual(before);
      }),
    );
  });
});
