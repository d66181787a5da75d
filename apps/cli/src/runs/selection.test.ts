import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluationSeed } from "./evaluation-seeds.js";
import { afterEvaluation, afterIteration, dueEvaluation, isBest, startSelection } from "./selection.js";
import type { Judged, Selection, SelectionPlan } from "./selection.js";

const plan: SelectionPlan = { every: 1000, episodes: 20, confirmationEpisodes: 100, goal: 475 };

/** What a policy is worth: what each of its evaluations would find. */
interface Worth {
  readonly screening: number;
  readonly confirmation: number;
  readonly standardDeviation: number;
}

interface Played {
  readonly steps: number;
  readonly stage: Selection["stage"];
  readonly seed: number;
  readonly episodes: number;
}

/** Trains by iterations of `size` steps, one policy each, until the selection ends it or the policies do. */
function simulate(worths: readonly Worth[], { size = 1000, rules = plan } = {}) {
  let selection = startSelection();
  const played: Played[] = [];
  const kept: number[] = [];
  for (const [index, worth] of worths.entries()) {
    selection = afterIteration(rules, selection, (index + 1) * size, index === worths.length - 1);
    for (let due = dueEvaluation(rules, selection); due !== undefined; due = dueEvaluation(rules, selection)) {
      played.push({ steps: selection.steps, stage: selection.stage, ...due });
      selection = afterEvaluation(rules, selection, judgedAs(worth, selection));
    }
    if (isBest(selection)) kept.push(selection.steps);
    if (selection.stage === "finished") break;
  }
  return { selection, played, kept };
}

function judgedAs({ screening, confirmation, standardDeviation }: Worth, { stage }: Selection): Judged {
  return { meanReturn: stage === "screening" ? screening : confirmation, standardDeviation };
}

function steady(meanReturn: number, standardDeviation = 0): Worth {
  return { screening: meanReturn, confirmation: meanReturn, standardDeviation };
}

describe("selection", () => {
  it("looks twice at what may be the best, keeps the best, and ends at a confirmed goal", () => {
    const { selection, played, kept } = simulate([steady(20), steady(300), steady(200), steady(500), steady(500)]);
    expect(played.map(({ steps, stage }) => [steps, stage])).toEqual([
      [1000, "screening"],
      [1000, "confirming"],
      [2000, "screening"],
      [2000, "confirming"],
      [3000, "screening"],
      [4000, "screening"],
      [4000, "confirming"],
    ]);
    expect(kept).toEqual([1000, 2000, 4000]);
    expect(selection).toEqual({ stage: "finished", steps: 4000, best: { steps: 4000, meanReturn: 500 } });
  });

  it("goes on where the larger evaluation does not confirm the small one", () => {
    const lucky = { screening: 490, confirmation: 410, standardDeviation: 60 };
    const { selection, kept } = simulate([lucky, steady(450)]);
    expect(kept).toEqual([1000, 2000]);
    expect(selection).toEqual({ stage: "training", steps: 2000, best: { steps: 2000, meanReturn: 450 } });
  });

  it("goes on where the goal is within two standard errors of the mean", () => {
    const barely = (meanReturn: number) => simulate([steady(meanReturn, 50), steady(0)]).selection.stage;
    expect(barely(484.9)).toBe("training"); // 50 / √100 = 5, and 484.9 − 2 · 5 < 475
    expect(barely(485)).toBe("finished");
  });

  it("confirms what reaches the goal though a noisier policy scored more", () => {
    const { selection } = simulate([steady(484, 80), steady(480)]);
    expect(selection).toEqual({ stage: "finished", steps: 2000, best: { steps: 1000, meanReturn: 484 } });
  });

  it("evaluates once for each multiple of steps that is passed, and at the end", () => {
    const rules = { ...plan, every: 1000, goal: null };
    const screened = simulate(Array.from({ length: 7 }, () => steady(0)), { size: 400, rules })
      .played.filter(({ stage }) => stage === "screening")
      .map(({ steps }) => steps);
    expect(screened).toEqual([1200, 2000, 2800]);
  });

  // Few enough values that policies tie.
  const returns = fc.integer({ min: -2, max: 5 }).map((hundreds) => 100 * hundreds);
  const worths = fc.array(
    fc.record({
      screening: returns,
      confirmation: returns,
      standardDeviation: fc.integer({ min: 0, max: 100 }),
    }),
    { minLength: 1, maxLength: 40 },
  );
  const sizes = fc.integer({ min: 1, max: 3000 });

  it("has as best the first of the highest larger evaluations, and always has one at the end", () => {
    fc.assert(
      fc.property(worths, sizes, (policies, size) => {
        const { selection, played, kept } = simulate(policies, { size });
        const confirmed = played
          .filter(({ stage }) => stage === "confirming")
          .map(({ steps }) => ({ steps, meanReturn: policies[steps / size - 1].confirmation }));
        const highest = Math.max(...confirmed.map(({ meanReturn }) => meanReturn));
        expect(selection.best).toEqual(confirmed.find(({ meanReturn }) => meanReturn === highest));
        expect(kept.at(-1)).toBe(selection.best?.steps);
      }),
    );
  });

  it("plays no episode twice, and none of those that the result is reported on", () => {
    fc.assert(
      fc.property(worths, sizes, fc.integer({ min: 0, max: 2 ** 32 }), (policies, size, seed) => {
        const { played } = simulate(policies, { size });
        const ranges = [...played, { seed: evaluationSeed("final", seed, 100), episodes: 100 }];
        const ordered = ranges.toSorted((a, b) => a.seed - b.seed);
        for (const [index, range] of ordered.slice(1).entries()) {
          expect(range.seed).toBeGreaterThanOrEqual(ordered[index].seed + ordered[index].episodes);
        }
      }),
    );
  });

  it("ends early only by a goal", () => {
    fc.assert(
      fc.property(worths, sizes, (policies, size) => {
        const { selection } = simulate(policies, { size, rules: { ...plan, goal: null } });
        expect(selection.stage).toBe("training");
        expect(selection.steps).toBe(policies.length * size);
      }),
    );
  });
});
