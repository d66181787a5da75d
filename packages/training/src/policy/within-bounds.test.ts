import { evaluate, grad, input } from "@uphill/autodiff";
import { box, discrete } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withinBounds } from "./within-bounds.js";

const action = input("action", ["batch", 2]);

describe("withinBounds", () => {
  it("leaves choices as they are, and boxes without bounds", () => {
    const choice = input("choice", ["batch"], "int32");
    expect(withinBounds(choice, discrete(3))).toBe(choice);
    expect(withinBounds(action, box({ low: -Infinity, high: Infinity, shape: [2] }))).toBe(action);
  });

  it("gives the nearest point of the box", () => {
    const negative = withinBounds(action, box({ low: -3, high: -1, shape: [2] }));
    expect(evaluate(negative, { action: [-5, 0] })).toEqual(Float64Array.of(-3, -1));
    const bound = fc.double({ min: -10, max: 10, noNaN: true });
    const end = fc.oneof(bound, fc.constant(Infinity));
    fc.assert(
      fc.property(
        fc.tuple(bound, bound),
        fc.tuple(end, end),
        fc.array(fc.tuple(bound, bound), { minLength: 1 }),
        (lows, spans, points) => {
          const high = spans.map((span, i) => lows[i] + Math.abs(span));
          const space = box({ low: lows, high });
          const clipped = evaluate(withinBounds(action, space), { action: points.flat() }) as Float64Array;
          points.forEach((point, row) => {
            expect([...space.clip(point)]).toEqual([...clipped.subarray(2 * row, 2 * row + 2)].map(Math.fround));
          });
        },
      ),
    );
  });

  it("passes gradients within the bounds alone", () => {
    const [gradient] = grad(withinBounds(action, box({ low: -1, high: 1, shape: [2] })).sum(), [action]);
    expect(evaluate(gradient, { action: [0.5, 3] })).toEqual(Float64Array.of(1, 0));
  });
});
