import { OptionError, Random, requireInteger } from "@uphill/core-math";
import { requireKnown } from "../internal/require-known.js";
import type { ActionCode } from "./action-code.js";
import type { StartOptions } from "./climbing.js";
import { requireConstraints, violation } from "./linear-constraint.js";
import type { LinearConstraint } from "./linear-constraint.js";
import type { Maximizer, Maximum, States } from "./maximizer.js";
import type { FittedFunction } from "./regression.js";

/** How {@link localSearch} searches. */
export interface LocalSearchOptions extends StartOptions {
  /** What actions have to meet. None where left out. */
  readonly constraints?: readonly LinearConstraint[];
}

/**
 * max_a Q(s, a) over several choices or bits by local search: from random actions, the best change of one choice as long
 * as one is better; the best of all starts. Where Q is linear in the action's code, and nothing is constrained, the first
 * start finds the maximum. Of actions that break constraints the one that breaks them less is better, whatever its Q.
 *
 * @param options - See {@link LocalSearchOptions}.
 * @throws OptionError for an option that is unknown or out of its range, a box, or where no start finds an action that meets the constraints.
 */
export function localSearch(options: LocalSearchOptions = {}): Maximizer {
  const known = { starts: true, seed: true, constraints: true } as const;
  const { starts = 3, seed = 0, constraints = [] } = requireKnown("options", options, known);
  requireInteger("starts", starts, { least: 0 });
  const random = new Random(requireInteger("seed", seed, { least: 0 }));
  return {
    maximize(q, states, code) {
      if (code.counts.length === 0) throw new OptionError("maximize: expected choices to search over, got a box");
      requireConstraints(constraints, code.size);
      const best: Maximum = { values: new Float64Array(states.count).fill(-Infinity), codes: new Float32Array(states.count * code.size) };
      for (let state = 0; state < states.count; state++) {
        let found = false;
        for (let start = 0; start <= starts; start++) {
          const choices = Int32Array.from(code.counts, (count) => random.integer(count));
          const top = improve({ q, states, code, constraints }, state, choices);
          found ||= top.violation === 0;
          if (top.violation > 0 || top.value <= best.values[state]) continue;
          best.values[state] = top.value;
          code.write(best.codes, state * code.size, (k) => choices[k]);
        }
        if (!found) throw new OptionError(`maximize: expected constraints that some action meets, found none from ${starts + 1} starts`);
      }
      return best;
    },
  };
}

/** What is searched. */
interface Problem {
  readonly q: FittedFunction;
  readonly states: States;
  readonly code: ActionCode;
  readonly constraints: readonly LinearConstraint[];
}

/** An action's worth: less violation first, then a larger value. */
interface Worth {
  readonly value: number;
  readonly violation: number;
}

function isBetter(a: Worth, b: Worth): boolean {
  return a.violation === b.violation ? a.value > b.value : a.violation < b.violation;
}

/** Changes one choice after the other, the best change first, until none is better. */
function improve(problem: Problem, state: number, choices: Int32Array): Worth {
  for (;;) {
    const candidates = [choices.slice(), ...neighbours(problem.code.counts, choices)];
    const worths = worthsOf(problem, state, candidates);
    let best = 0;
    for (let k = 1; k < worths.length; k++) if (isBetter(worths[k], worths[best])) best = k;
    if (best === 0) return worths[0];
    choices.set(candidates[best]);
  }
}

function neighbours(counts: readonly number[], choices: Int32Array): Int32Array[] {
  return counts.flatMap((count, k) =>
    Array.from({ length: count }, (_, option) => option)
      .filter((option) => option !== choices[k])
      .map((option) => choices.with(k, option)),
  );
}

function worthsOf({ q, states, code, constraints }: Problem, state: number, actions: readonly Int32Array[]): Worth[] {
  const { observations, observationSize: size } = states;
  const width = size + code.size;
  const rows = new Float32Array(actions.length * width);
  actions.forEach((action, n) => {
    rows.set(observations.subarray(state * size, (state + 1) * size), n * width);
    code.write(rows, n * width + size, (k) => action[k]);
  });
  const values = q.predict(rows);
  return actions.map((_, n) => ({ value: values[n], violation: violation(constraints, rows, n * width + size) }));
}
