import { OptionError, Random, requireInteger } from "@uphill/core-math";
import type { ActionCode } from "./action-code.js";
import type { StartOptions } from "./climbing.js";
import type { Maximizer, Maximum, States } from "./maximizer.js";
import type { FittedFunction } from "./regression.js";

/**
 * max_a Q(s, a) over several choices or bits by local search: from random actions, the best change of one choice as long
 * as one is better; the best of all starts. Where Q is linear in the action's code the first start finds the maximum.
 *
 * @param options - See {@link StartOptions}.
 * @throws OptionError for an option out of its range.
 */
export function localSearch({ starts = 3, seed = 0 }: StartOptions = {}): Maximizer {
  requireInteger("starts", starts, { least: 0 });
  const random = new Random(requireInteger("seed", seed, { least: 0 }));
  return {
    maximize(q, states, code) {
      if (code.counts.length === 0) throw new OptionError("maximize: expected choices to search over, got a box");
      const best: Maximum = { values: new Float64Array(states.count).fill(-Infinity), codes: new Float32Array(states.count * code.size) };
      for (let state = 0; state < states.count; state++) {
        for (let start = 0; start <= starts; start++) {
          const choices = Int32Array.from(code.counts, (count) => random.integer(count));
          const value = improve(q, states, code, state, choices);
          if (value <= best.values[state]) continue;
          best.values[state] = value;
          code.write(best.codes, state * code.size, (k) => choices[k]);
        }
      }
      return best;
    },
  };
}

/** Changes one choice after the other, the best change first, until none is better. @returns The value. */
function improve(q: FittedFunction, states: States, code: ActionCode, state: number, choices: Int32Array): number {
  for (;;) {
    const candidates = [choices.slice(), ...neighbours(code.counts, choices)];
    const values = valuesOf(q, states, code, state, candidates);
    let best = 0;
    for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
    if (best === 0) return values[0];
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

function valuesOf(q: FittedFunction, states: States, code: ActionCode, state: number, actions: readonly Int32Array[]): Float64Array {
  const { observations, observationSize: size } = states;
  const width = size + code.size;
  const rows = new Float32Array(actions.length * width);
  actions.forEach((action, n) => {
    rows.set(observations.subarray(state * size, (state + 1) * size), n * width);
    code.write(rows, n * width + size, (k) => action[k]);
  });
  return q.predict(rows);
}
