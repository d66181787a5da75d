import type { Environment } from "../environment.js";
import { outside, shown, throws } from "./probe.js";
import type { Rule } from "./rule.js";
import { sameValue } from "./same-value.js";

const SEEDS: readonly number[] = [0, 1, 2, 3];
const RESETS = 4;
const WRONG_SEEDS: readonly unknown[] = [-1, 0.5, Number.NaN, "1"];
/** The advice of every rule about seeds. */
export const OWN_STREAM = "Draw all randomness from one new Random(seed), made anew in reset where a seed is given";

/** What `reset` must do. */
export const resetRules: readonly Rule[] = [
  {
    name: "reset",
    remedy: "Return a new Float32Array within observationSpace from reset(), with a seed and without.",
    needs: ["observation-space", "action-space"],
    check(probe) {
      const environment = probe.make();
      for (const seed of SEEDS) {
        const fault = outside(environment.observationSpace, environment.reset({ seed }));
        if (fault !== undefined) return `reset({ seed: ${seed} }): ${fault}`;
      }
      const fault = outside(environment.observationSpace, environment.reset());
      return fault === undefined ? undefined : `reset(): ${fault}`;
    },
  },
  {
    name: "seed-repeats",
    remedy: `${OWN_STREAM}; use no Math.random() and no time.`,
    needs: ["reset"],
    check(probe) {
      const environment = probe.make();
      for (const seed of SEEDS) {
        const [first, again] = [environment.reset({ seed }).slice(), environment.reset({ seed }).slice()];
        if (!sameValue(first, again)) return `reset({ seed: ${seed} }): gave ${shown(first)}, then ${shown(again)}`;
        const other = probe.make().reset({ seed });
        if (!sameValue(first, other)) {
          return `reset({ seed: ${seed} }): gave ${shown(first)} in one environment, ${shown(other)} in another`;
        }
      }
      return undefined;
    },
  },
  {
    name: "stream-repeats",
    remedy: `${OWN_STREAM}, and let reset() without a seed carry that stream on.`,
    needs: ["seed-repeats"],
    check(probe) {
      const environment = probe.make();
      const [first, again] = [firstObservations(environment, 5), firstObservations(environment, 5)];
      const reset = first.findIndex((observation, i) => !sameValue(observation, again[i]));
      if (reset < 0) return undefined;
      return `reset() number ${reset} after reset({ seed: 5 }): gave ${shown(first[reset])}, then ${shown(again[reset])}`;
    },
  },
  {
    name: "reset-options",
    remedy: "Begin with reset({ seed }: ResetOptions = {}), and start the stream anew only where seed is not undefined.",
    needs: ["stream-repeats"],
    check(probe) {
      const environment = probe.make();
      environment.reset({ seed: 5 });
      const expected = environment.reset().slice();
      for (const options of [{}, { seed: undefined }]) {
        environment.reset({ seed: 5 });
        // A caller in JavaScript may well hand on a seed that it has not got.
        const observation = environment.reset(options);
        if (sameValue(observation, expected)) continue;
        return `reset(${JSON.stringify(options)}): expected what reset() gives, ${shown(expected)}, got ${shown(observation)}`;
      }
      return undefined;
    },
  },
  {
    name: "seed-validation",
    remedy: "Throw for a seed that is no non-negative integer: new Random(seed) does; so does makeEnvironment(source).",
    needs: ["reset"],
    check(probe) {
      const accepted = WRONG_SEEDS.find((seed) => !throws(() => probe.make().reset({ seed: seed as number })));
      if (accepted === undefined) return undefined;
      return `reset({ seed: ${shown(accepted)} }): expected an error, got an observation`;
    },
  },
];

/** The first observations after a seed, and of the unseeded resets that follow. */
export function firstObservations(environment: Environment, seed: number): readonly Float32Array[] {
  const first = environment.reset({ seed }).slice();
  return [first, ...Array.from({ length: RESETS }, () => environment.reset().slice())];
}
