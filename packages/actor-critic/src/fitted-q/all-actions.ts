import { expectation, logSumExp, OptionError, requireNumber } from "@uphill/core-math";
import type { ActionCode } from "./action-code.js";
import { bestOf, rowsOf } from "./maximizer.js";
import type { Maximizer, States } from "./maximizer.js";
import type { FittedFunction } from "./regression.js";

/** More actions than this are not tried one by one. */
const MOST_ACTIONS = 4096;

/** max_a Q(s, a) by trying all actions: of choices and bits, up to 4096 together. */
export const allActions: Maximizer = {
  maximize(q, states, code) {
    const { rows, values, each } = tried(q, states, code);
    return bestOf(rows, values, states, each);
  },
};

/**
 * The smooth maximum β log Σ_a exp(Q(s, a)/β) over all actions, up to 4096: what the smooth Bellman equation has in place
 * of the maximum. It tends to the maximum as β goes to 0.
 *
 * @param temperature - β > 0, in units of the reward.
 * @throws OptionError for anything else.
 */
export function softMaximum(temperature: number): Maximizer {
  requireNumber("temperature", temperature, { above: 0 });
  return {
    maximize(q, states, code) {
      const { rows, values, each } = tried(q, states, code);
      const { codes } = bestOf(rows, values, states, each);
      const scaled = values.map((value) => value / temperature);
      const smooth = new Float64Array(states.count);
      for (let s = 0; s < states.count; s++) smooth[s] = temperature * logSumExp(scaled.subarray(s * each, (s + 1) * each));
      return { values: smooth, codes };
    },
  };
}

function tried(q: FittedFunction, states: States, code: ActionCode) {
  const each = code.counts.reduce((product, count) => product * count, code.counts.length === 0 ? Infinity : 1);
  if (each > MOST_ACTIONS) {
    throw new OptionError(expectation("maximize", `at most ${MOST_ACTIONS} actions to try`, each));
  }
  const rows = rowsOf(states, code.size, each, (target, start, _, index) => {
    code.write(target, start, (k) => optionAt(code.counts, index, k));
  });
  return { rows, values: q.predict(rows), each };
}

/** The option that action number `index` takes in choice k; the first choice changes fastest. */
function optionAt(counts: readonly number[], index: number, k: number): number {
  let rest = index;
  for (let choice = 0; choice < k; choice++) rest = Math.floor(rest / counts[choice]);
  return rest % counts[k];
}
