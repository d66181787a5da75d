import { exp, log } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alone, ends, expectClose, joined, referenceRollouts, rollouts } from "../../test/rollouts.js";
import type { Generated } from "../../test/rollouts.js";
import { lambdaReturns } from "./lambda-returns.js";
import { tdErrorsPerStep } from "./td-errors-per-step.js";
import { vTraceAdvantages, vTraceTargets } from "./v-trace.js";

const example = {
  rewards: [1, 1],
  values: [0, 2],
  nextValues: [2, 4],
  terminated: [0, 0],
  truncated: [0, 1],
  gamma: 0.5,
  logRatios: [log(0.5), log(3)],
};

/** Rollouts with log-ratios, of which some are beyond the bounds. */
const offPolicy = fc
  .tuple(rollouts, fc.array(fc.integer({ min: -200, max: 200 }), { minLength: 36, maxLength: 36 }))
  .map(([rollout, ratios]) => ({ ...rollout, logRatios: rollout.rewards.map((_, i) => ratios[i] / 100) }));

const bounds = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 100 }))
  .map(([ratio, share]) => ({ ratioClip: ratio / 100, traceClip: (ratio / 100) * (share / 100) }));

test("two steps, the second more probable than it was", () => {
  const out = new Float64Array(2);
  expect(vTraceTargets({ ...example, out })).toBe(out);
  expectClose(out, [1.25, 3]);
  expectClose(vTraceAdvantages({ ...example, targets: out }), [1.25, 1]);
  expectClose(vTraceTargets({ ...example, ratioClip: 2 }), [1.5, 4]);
});

test("an action that the target policy never takes has no say", () => {
  const never = { ...example, logRatios: [-Infinity, 0] };
  expectClose(vTraceTargets(never), [0, 3]);
  expectClose(vTraceAdvantages({ ...never, targets: vTraceTargets(never) }), [0, 1]);
});

describe("laws", () => {
  test("it is its defining sum: V + Σ γ^l (Π c) ρ δ", () => {
    fc.assert(
      fc.property(offPolicy, bounds, (rollout, clips) => {
        const { environments, gamma, lambda, values, logRatios } = rollout;
        const errors = tdErrorsPerStep(rollout);
        const sums = values.map((value, start) => {
          let sum = value;
          let weight = 1;
          for (let i = start; i < values.length; i += environments) {
            const ratio = exp(logRatios[i]);
            sum += weight * Math.min(clips.ratioClip, ratio) * errors[i];
            weight *= gamma * lambda * Math.min(clips.traceClip, ratio);
            if (ends(rollout, i)) break;
          }
          return sum;
        });
        expectClose(vTraceTargets({ ...rollout, ...clips }), sums);
      }),
    );
  });

  test("on-policy it is the λ-return", () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const logRatios = rollout.rewards.map(() => 0);
        expectClose(vTraceTargets({ ...rollout, logRatios }), lambdaReturns(rollout));
      }),
    );
  });

  test("the advantage is the clipped weight times the error to the next target", () => {
    fc.assert(
      fc.property(offPolicy, (rollout) => {
        const { environments, logRatios, truncated, nextValues } = rollout;
        const targets = vTraceTargets(rollout);
        const next = nextValues.map((value, i) =>
          truncated[i] === 1 || i + environments >= nextValues.length ? value : targets[i + environments],
        );
        const errors = tdErrorsPerStep({ ...rollout, nextValues: next });
        expectClose(
          vTraceAdvantages({ ...rollout, targets }),
          errors.map((error, i) => Math.min(1, exp(logRatios[i])) * error),
        );
      }),
    );
  });

  test("episodes joined or apart give the same", () => {
    const both = fc.tuple(offPolicy, offPolicy);
    fc.assert(
      fc.property(both, ([left, right]) => {
        const single = (rollout: Generated & { logRatios: number[] }) => ({
          ...alone(rollout, 0),
          logRatios: rollout.logRatios.filter((_, i) => i % rollout.environments === 0),
        });
        const [first, second] = [single(left), { ...single(right), gamma: left.gamma, lambda: left.lambda }];
        const whole = { ...joined(first, second), logRatios: [...first.logRatios, ...second.logRatios] };
        expectClose(vTraceTargets(whole), [...vTraceTargets(first), ...vTraceTargets(second)]);
      }),
    );
  });

  test("the result may go into an input", () => {
    fc.assert(
      fc.property(offPolicy, (rollout) => {
        const targets = vTraceTargets(rollout);
        const advantages = vTraceAdvantages({ ...rollout, targets });
        for (const name of ["rewards", "values", "nextValues", "logRatios", "terminated"] as const) {
          const out = Float64Array.from(rollout[name]);
          expect(vTraceTargets({ ...rollout, [name]: out, out })).toEqual(targets);
          const again = Float64Array.from(rollout[name]);
          expect(vTraceAdvantages({ ...rollout, [name]: again, targets, out: again })).toEqual(advantages);
        }
        expect(vTraceAdvantages({ ...rollout, targets, out: targets })).toEqual(advantages);
      }),
    );
  });
});

test.each(referenceRollouts())("reference rollout %#", ({ rollout, logRatios, expected }) => {
  expectClose(vTraceTargets({ ...rollout, logRatios }), expected.vtrace_value);
});

describe("refuses", () => {
  test.each<[string, object, string]>([
    ["no bound", { ratioClip: 0 }, "ratioClip: expected a finite number > 0, got 0"],
    ["a trace bound above the other", { traceClip: 2 }, "traceClip: expected a finite number in (0, 1], got 2"],
    ["λ above 1", { lambda: 2 }, "lambda: expected a finite number in [0, 1], got 2"],
    ["too few ratios", { logRatios: [0] }, "logRatios: expected length 2, got [0]"],
    ["a NaN ratio", { logRatios: [-Infinity, Number.NaN] }, "logRatios at [1, 0]: expected a finite number, got NaN"],
  ])("%s", (_, change, message) => {
    expect(() => vTraceTargets({ ...example, ...change })).toThrow(message);
  });

  test("targets that are not finite", () => {
    expect(() => vTraceAdvantages({ ...example, targets: [0, Infinity] })).toThrow("targets at [1, 0]: expected a finite number, got Infinity");
    expect(() => vTraceAdvantages({ ...example, targets: [0] })).toThrow("targets: expected length 2, got [0]");
  });
});
