import { describe, Random } from "@uphill/core-math";
import type { JsonValue } from "../json.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import type { VectorEnvironment } from "../vector-environment.js";
import { type Probe, shown, throws } from "./probe.js";
import type { Rule } from "./rule.js";
import { sameValue } from "./same-value.js";
import { differenceFromSingles, rowOf, sampledRows } from "./vector-play.js";

const COUNT = 3;
const SEED = 3;
const OWN_STREAMS = "Give each environment a stream of its own, and touch none but those that a call is for";

/** What a vector of environments must do. */
export const vectorRules: readonly Rule[] = [
  {
    name: "vector",
    remedy: "Let every environment that make() gives have the same spaces, and makeBatch(count) those of make().",
    needs: ["repeatable", "stream-repeats", "observation", "reward", "flags", "action-validation"],
    check(probe) {
      const [vector, [single]] = [probe.vector(COUNT, "same-step"), probe.singles(1)];
      if (vector.count !== COUNT) return `count: expected ${COUNT}, got ${vector.count}`;
      for (const name of ["observationSpace", "actionSpace"] as const) {
        if (!vector[name].equals(single[name])) return `${name}: expected that of a single environment, got another`;
      }
      const rows = COUNT * single.observationSpace.size;
      const lengths = { observations: rows, finalObservations: rows, rewards: COUNT, terminated: COUNT, truncated: COUNT };
      for (const [name, length] of Object.entries(lengths)) {
        const array: unknown = Reflect.get(vector, name);
        if (!ArrayBuffer.isView(array) || (array as Float32Array).length !== length)
          return `${name}: expected a typed array of length ${length}, got ${describe(array)}`;
      }
      return undefined;
    },
  },
  {
    name: "vector-seeds",
    remedy: `Seed environment i with s + i, or with element i of a list. ${OWN_STREAMS}.`,
    needs: ["vector"],
    check(probe) {
      const [vector, singles] = [probe.vector(COUNT, "same-step"), probe.singles(COUNT)];
      const { size } = vector.observationSpace;
      for (const seeds of [undefined, [9, 4, 9]]) {
        vector.reset({ seed: seeds ?? SEED });
        for (let i = 0; i < COUNT; i++) {
          const [seen, expected] = [rowOf(vector.observations, size, i), singles[i].reset({ seed: seeds?.[i] ?? SEED + i })];
          if (sameValue(seen, expected)) continue;
          const given = seeds === undefined ? String(SEED) : `[${seeds.join(", ")}]`;
          return `reset({ seed: ${given} }), environment ${i}: expected ${shown(expected)}, got ${shown(seen)}`;
        }
      }
      return undefined;
    },
  },
  {
    name: "vector-seed-validation",
    remedy: "Throw for seeds that are no non-negative integers, and for a list that is not one for each environment.",
    needs: ["vector"],
    check(probe) {
      const wrong = [-1, 0.5, Number.NaN, [1, 2], [1, 2, 3, 4], [1, 2, -3]];
      const accepted = wrong.find((seed) => !throws(() => probe.vector(COUNT, "same-step").reset({ seed })));
      return accepted === undefined
        ? undefined
        : `reset({ seed: ${JSON.stringify(accepted)} }): expected an error, got a reset`;
    },
  },
  {
    name: "vector-actions",
    remedy: "Begin step with requireActions(name, actionSpace, actions, count).",
    needs: ["vector"],
    check(probe) {
      const accepted = wrongRows(probe).find((actions) => !throws(() => started(probe).step(actions)));
      return accepted === undefined ? undefined : `step(${describe(accepted)}): expected an error, got a step`;
    },
  },
  {
    name: "vector-order",
    remedy: "Throw a StateError from step before the first reset and after close(); let close() do nothing the second time.",
    needs: ["vector"],
    check(probe) {
      const unstarted = probe.vector(COUNT, "same-step");
      const actions = sampledRows(unstarted, new Random(0));
      if (!throws(() => unstarted.step(actions))) return "step() before reset(): expected an error, got a step";
      const closed = started(probe);
      closed.close();
      if (throws(() => closed.close())) return "close() a second time: expected nothing, got an error";
      if (!throws(() => closed.step(actions))) return "step() after close(): expected an error, got a step";
      return throws(() => closed.reset()) ? undefined : "reset() after close(): expected an error, got a reset";
    },
  },
  {
    name: "same-step",
    remedy:
      "Step each environment as the single form would, from its own stream; where one ends, show the last observation " +
      "in finalObservations and the first of the next episode in observations.",
    needs: ["vector-seeds"],
    check: (probe) => differenceFromSingles(probe, "same-step", COUNT, SEED),
  },
  {
    name: "next-step",
    remedy:
      "Leave an environment whose active flag is 0 as it is, its stream too; at the step after an end answer with the " +
      "first observation, reward 0 and no flags.",
    needs: ["same-step"],
    check: (probe) => differenceFromSingles(probe, "next-step", COUNT, SEED),
  },
  {
    name: "disabled",
    remedy: "Throw from step while the episode of an environment is over, and reset only those that the mask names.",
    needs: ["same-step"],
    check: (probe) => differenceFromSingles(probe, "disabled", COUNT, SEED),
  },
  {
    name: "reset-mask",
    remedy: `${OWN_STREAMS}. Throw for a mask of another length, or where environments are reset automatically.`,
    needs: ["vector-seeds"],
    check(probe) {
      const vector = probe.vector(COUNT, "disabled");
      vector.reset({ seed: SEED });
      const before = vector.observations.slice();
      vector.reset({ mask: [0, 1, 0], seed: 40 });
      const { size } = vector.observationSpace;
      const other = [0, 2].find((i) => !sameValue(rowOf(vector.observations, size, i), rowOf(before, size, i)));
      if (other !== undefined) return `reset({ mask: [0, 1, 0] }): changed environment ${other}`;
      if (!throws(() => vector.reset({ mask: [1, 0] }))) return "reset({ mask: [1, 0] }): expected an error, got a reset";
      const automatic = probe.vector(COUNT, "same-step") as VectorEnvironment<Space, "disabled">;
      const taken = !throws(() => automatic.reset({ mask: [1, 1, 1] }));
      return taken ? "reset({ mask }) in mode same-step: expected an error, got a reset" : undefined;
    },
  },
  {
    name: "vector-saved-state",
    remedy: "Put the state and the stream of every environment into saveState(), as plain JSON, and read all of it back.",
    needs: ["same-step"],
    check(probe) {
      const [saved, undisturbed, restored] = [started(probe), started(probe), started(probe, 80)];
      if (!saved.savesState) return undefined;
      const random = new Random(1);
      for (let t = 0; t < 7; t++) {
        const actions = sampledRows(saved, random);
        saved.step(actions);
        undisturbed.step(actions);
      }
      const state = JSON.parse(JSON.stringify(saved.saveState())) as JsonValue;
      restored.restoreState(state);
      const expected = future(undisturbed, probe.vectorSteps);
      if (!sameValue(future(saved, probe.vectorSteps), expected)) return "saveState(): changed what follows";
      if (sameValue(future(restored, probe.vectorSteps), expected)) return undefined;
      return "restoreState(): went on differently when saved after 7 steps";
    },
  },
];

function started(probe: Probe, seed = SEED): VectorEnvironment<Space, "same-step"> {
  const vector = probe.vector(COUNT, "same-step") as VectorEnvironment<Space, "same-step">;
  vector.reset({ seed });
  return vector;
}

/** What is no actions for all: too few, of another type, or wrong for one environment. */
function wrongRows(probe: Probe): readonly ActionsOf<Space>[] {
  const vector = started(probe);
  const actions = sampledRows(vector, new Random(0));
  const [wrongLast, otherType] = [actions.slice(), actions instanceof Int32Array ? Float32Array : Int32Array];
  wrongLast[wrongLast.length - 1] = vector.actionSpace.kind === "box" ? Number.NaN : -1;
  return [actions.slice(1), wrongLast, otherType.from(actions), [...actions] as unknown as Int32Array];
}

function future(vector: VectorEnvironment<Space, "same-step">, steps: number): unknown {
  const random = new Random(2);
  return Array.from({ length: steps }, () => {
    vector.step(sampledRows(vector, random));
    return [vector.observations, vector.rewards, vector.terminated, vector.truncated].map((array) => array.slice());
  });
}
