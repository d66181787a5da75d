import { describe } from "@uphill/core-math";
import { type PlayedStep, type Probe, outside, play, shown } from "./probe.js";
import type { Rule } from "./rule.js";
import { sameValue } from "./same-value.js";

const STEPS = 200;
const SEEDS: readonly number[] = [0, 1];

/** What `step` must answer. */
export const stepRules: readonly Rule[] = [
  {
    name: "step",
    remedy: "Return { observation, reward, terminated, truncated } for every action of actionSpace.",
    needs: ["reset"],
    check(probe) {
      const answer = played(probe).find(({ step }) => typeof step !== "object")?.step;
      return answer === undefined ? undefined : `step(): expected an object, got ${describe(answer)}`;
    },
  },
  {
    name: "observation",
    remedy: "Return a Float32Array within observationSpace from every step, or widen its bounds to what can be seen.",
    needs: ["step"],
    check(probe) {
      const { observationSpace } = probe.make();
      return firstFault(probe, ({ observation }) => outside(observationSpace, observation));
    },
  },
  {
    name: "reward",
    remedy: "Return a finite number as reward; a division by zero or an overflow gives NaN or Infinity.",
    needs: ["step"],
    check: (probe) =>
      firstFault(probe, ({ reward }) =>
        Number.isFinite(reward) ? undefined : `expected a finite reward, got ${describe(reward)}`,
      ),
  },
  {
    name: "flags",
    remedy: "Return terminated and truncated as true or false, both at every step.",
    needs: ["step"],
    check: (probe) =>
      firstFault(probe, ({ terminated, truncated }) => {
        if (typeof terminated !== "boolean") return `expected terminated true or false, got ${describe(terminated)}`;
        if (typeof truncated !== "boolean") return `expected truncated true or false, got ${describe(truncated)}`;
        return undefined;
      }),
  },
  {
    name: "first-step",
    remedy: "Truncate later: an episode of one truncated step teaches nothing. Count steps from each reset.",
    needs: ["flags"],
    check(probe) {
      const truncated = played(probe).some(({ step, number }) => number === 1 && step.truncated);
      return truncated ? "step(): expected no truncation at an episode's first step, got one" : undefined;
    },
  },
  {
    name: "repeatable",
    remedy: "Let a step depend on the state, the action and the seeded stream only: no Math.random(), time or globals.",
    needs: ["seed-repeats", "step"],
    check(probe) {
      const [first, again] = [played(probe), played(probe)];
      const index = first.findIndex((step, i) => !sameValue(step, again[i]));
      if (index < 0) return undefined;
      const part = differingPart(first[index], again[index]);
      return `step(): same seed and actions gave another ${part} at step ${first[index].number} of an episode`;
    },
  },
  {
    name: "kept-observation",
    remedy: "Return a new array from each reset and step: callers keep observations.",
    needs: ["step"],
    check(probe) {
      const environment = probe.make();
      const first = environment.reset({ seed: 0 });
      const kept = first.slice();
      play(environment, 5);
      return sameValue(first, kept) ? undefined : `step(): changed the first observation to ${shown(first)}`;
    },
  },
];

/** Steps of a few episodes, the same at every call. */
function played(probe: Probe): readonly PlayedStep[] {
  return SEEDS.flatMap((seed) => play(probe.started(seed), STEPS));
}

function firstFault(probe: Probe, fault: (step: PlayedStep["step"]) => string | undefined): string | undefined {
  for (const { step, number } of played(probe)) {
    const found = fault(step);
    if (found !== undefined) return `step() number ${number} of an episode: ${found}`;
  }
  return undefined;
}

function differingPart(a: PlayedStep, b: PlayedStep): string {
  const parts = ["observation", "reward", "terminated", "truncated", "info"] as const;
  return parts.find((part) => !sameValue(a.step[part], b.step[part])) ?? "answer";
}
