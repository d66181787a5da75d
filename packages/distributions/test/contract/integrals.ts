import { grad } from "@uphill/autodiff";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchOf, expectClose, has, parametersOf, repeated, run, someRuns, valueInput } from "../harness.js";
import type { Grid, ParameterValues, Subject } from "../harness.js";
import { parameterCount } from "./shapes.js";

/** Integrals over all values are right to this: what the grids are made for. */
const tolerance = 1e-8;

/** What holds of sums over all values, or of integrals: the moments that define entropy, mean, KL and Fisher information. */
export function integralLaws(subject: Subject, grid: Grid): void {
  const [p, q] = [batchOf(subject), batchOf(subject, ["batch"], "other/")];
  const value = valueInput(p);
  const inputs = [...parametersOf(p, q), value];
  const total = (f: (i: number) => number) => grid.weights.reduce((sum, weight, i) => sum + (weight === 0 ? 0 : weight * f(i)), 0);
  const feedsOf = (a: ParameterValues, b: ParameterValues) => ({
    ...repeated(a, grid.weights.length),
    ...repeated(b, grid.weights.length, "other/"),
    value: grid.points,
  });
  const densities = { logP: p.logProbability(value), logQ: q.logProbability(value) };
  // Two laws are tried on the same pairs, one after the other.
  const known = new Map<string, { readonly logP: number[]; readonly logQ: number[] }>();
  const densitiesOf = (a: ParameterValues, b: ParameterValues) => {
    const key = JSON.stringify([a, b]);
    const given = known.get(key) ?? run(inputs, densities, feedsOf(a, b));
    if (known.size < 2 * someRuns.numRuns) known.set(key, given);
    return given;
  };

  test("probabilities sum to one; entropy, mean and KL are the sums that define them", () => {
    const forms = {
      ...(has(subject, "entropy") && { entropy: p.entropy() }),
      ...(has(subject, "mean") && { mean: p.mean() }),
      ...(has(subject, "kl") && { kl: p.kl(q) }),
    };
    fc.assert(
      fc.property(subject.values, subject.values, (a, b) => {
        const { logP, logQ } = densitiesOf(a, b);
        const given = run(parametersOf(p, ...(has(subject, "kl") ? [q] : [])), forms, {
          ...repeated(a, 1),
          ...(has(subject, "kl") && repeated(b, 1, "other/")),
        });
        const width = grid.points.length / grid.weights.length;
        const truth = {
          entropy: [total((i) => -plogp(logP[i], logP[i]))],
          mean: Array.from({ length: width }, (_, k) => total((i) => Math.exp(logP[i]) * grid.points[i * width + k])),
          kl: [total((i) => plogp(logP[i], logP[i] - logQ[i]))],
        };
        expectClose([total((i) => Math.exp(logP[i]))], [1], tolerance);
        for (const [name, list] of Object.entries(given)) {
          expectClose(list, truth[name as keyof typeof truth], tolerance);
        }
      }),
      someRuns,
    );
  });

  test("the squared total variation is at most half the KL (Pinsker)", () => {
    fc.assert(
      fc.property(subject.values, subject.values, (a, b) => {
        const { logP, logQ } = densitiesOf(a, b);
        const variation = 0.5 * total((i) => Math.abs(Math.exp(logP[i]) - Math.exp(logQ[i])));
        expect(variation ** 2).toBeLessThanOrEqual(0.5 * total((i) => plogp(logP[i], logP[i] - logQ[i])) + tolerance);
        expect(variation).toBeLessThanOrEqual(1 + tolerance);
      }),
      someRuns,
    );
  });

  test("the score has mean zero, and the Fisher information is its covariance", () => {
    const scores = grad(densities.logP.sum(), parametersOf(p));
    const named = Object.fromEntries(scores.map((score, k) => [`score${k}`, score]));
    const outputs = { logP: densities.logP, ...named };
    const fisher = has(subject, "fisher") ? { fisher: p.fisher() } : undefined;
    const count = parameterCount(subject);
    fc.assert(
      fc.property(subject.values, (a) => {
        const { logP, ...rows } = run(inputs, outputs, feedsOf(a, a));
        const all = logP.map((_, i) =>
          Object.values<number[]>(rows).flatMap((list) => {
            const width = list.length / logP.length;
            return list.slice(i * width, (i + 1) * width);
          }),
        );
        for (let j = 0; j < count; j++) expectClose([total((i) => Math.exp(logP[i]) * all[i][j])], [0], tolerance);
        if (fisher === undefined) return;
        const information = run(parametersOf(p), fisher, repeated(a, 1)).fisher;
        const covariance = information.map((_, k) => total((i) => Math.exp(logP[i]) * all[i][Math.floor(k / count)] * all[i][k % count]));
        expectClose(information, covariance, 10 * tolerance);
      }),
      someRuns,
    );
  });
}

/** p · f from log p, where a value without probability counts as 0 even if f is infinite there. */
function plogp(logP: number, f: number): number {
  const probability = Math.exp(logP);
  return probability === 0 ? 0 : probability * f;
}
