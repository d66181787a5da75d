import { evaluate, input } from "@uphill/autodiff";
import { describe, expect, test } from "vitest";
import { actorCriticLoss } from "./index.js";

describe("the loss", () => {
  const names = ["logProbability", "advantage", "entropy", "value", "valueTarget"] as const;
  const inputs = Object.fromEntries(names.map((name) => [name, input(name, ["batch"])])) as Record<
    (typeof names)[number],
    ReturnType<typeof input>
  >;
  const feeds = { logProbability: [-1, -2], advantage: [3, 1], entropy: [0.5, 0.7], value: [1, 2], valueTarget: [0, 4] };

  test("by hand", () => {
    const loss = evaluate(actorCriticLoss(inputs, { normalizeAdvantages: false, entropyWeight: 0.1, valueWeight: 0.5 }), feeds);
    expect(loss.policyLoss).toBeCloseTo(2.5, 10);
    expect(loss.valueLoss).toBeCloseTo(2.5, 10);
    expect(loss.entropy).toBeCloseTo(0.6, 10);
    expect(loss.loss).toBeCloseTo(2.5 - 0.06 + 1.25, 10);
  });

  test("normalised advantages are those less their mean, over their sample's standard deviation", () => {
    const { policyLoss } = evaluate(actorCriticLoss(inputs, { normalizeAdvantages: true, entropyWeight: 0, valueWeight: 0 }), feeds);
    // 3 and 1 become ±1/√2.
    expect(policyLoss).toBeCloseTo(-(-1 + 2) / Math.SQRT2 / 2, 6);
  });
});
