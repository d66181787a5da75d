import { Random } from "@uphill/core-math";
import type { Environment } from "../environment.js";
import { actionAt, joinedActions } from "../spaces/actions-of.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import type { AutoresetMode, VectorEnvironment } from "../vector-environment.js";
import { type Probe, shown, throws } from "./probe.js";
import { sameValue } from "./same-value.js";

type AnyVector = VectorEnvironment<Space, AutoresetMode>;

/** Actions for all environments of a vector. */
export function sampledRows({ actionSpace, count }: AnyVector, random: Random): ActionsOf<Space> {
  return joinedActions(actionSpace, Array.from({ length: count }, () => actionSpace.sample(random)));
}

/** Row `index` of rows of `size` elements, as a copy. */
export function rowOf(rows: Float32Array, size: number, index: number): Float32Array {
  return rows.slice(index * size, (index + 1) * size);
}

/**
 * Steps a vector and single environments together, the singles reset when the mode says, and looks for a difference.
 *
 * @returns The first one, in words, or undefined where there is none.
 */
export function differenceFromSingles(
  probe: Probe,
  autoreset: AutoresetMode,
  count: number,
  seed: number,
): string | undefined {
  const [vector, singles] = [probe.vector(count, autoreset), probe.singles(count)];
  const random = new Random(seed);
  const over = new Uint8Array(count);
  vector.reset({ seed });
  singles.forEach((single, i) => single.reset({ seed: seed + i }));
  for (let t = 1; t <= probe.vectorSteps; t++) {
    const actions = sampledRows(vector, random);
    const unsound = autoreset === "disabled" && over.includes(1) ? resetByMask(vector, singles, over, actions) : undefined;
    if (unsound !== undefined) return `${unsound} at step ${t}`;
    vector.step(actions);
    for (let i = 0; i < count; i++) {
      const fault = over[i] === 0 ? steppedFault(vector, singles[i], actions, i) : begunFault(vector, singles[i], i);
      if (fault !== undefined) return `step() number ${t}, environment ${i}: ${fault}`;
      const ended = (vector.terminated[i] | vector.truncated[i]) !== 0;
      over[i] = ended && autoreset !== "same-step" ? 1 : 0;
    }
  }
  return undefined;
}

/** Where an environment is over: a step must throw, and a reset by mask begin what it names. */
function resetByMask(
  vector: AnyVector,
  singles: readonly Environment[],
  over: Uint8Array,
  actions: ActionsOf<Space>,
): string | undefined {
  if (!throws(() => vector.step(actions))) return "step() of an ended environment: expected an error, got a step";
  const { size } = vector.observationSpace;
  const before = vector.observations.slice();
  vector.reset({ mask: over });
  for (let i = 0; i < over.length; i++) {
    const expected = over[i] === 0 ? rowOf(before, size, i) : singles[i].reset();
    const fault = shownFault(vector, i, expected);
    if (fault !== undefined) return `reset({ mask: [${over.join(", ")}] }), environment ${i}: ${fault}`;
  }
  over.fill(0);
  return undefined;
}

/** What is wrong with the answer of an environment that took its action. */
function steppedFault(
  vector: AnyVector,
  single: Environment,
  actions: Int32Array | Float32Array,
  index: number,
): string | undefined {
  const { actionSpace, autoreset } = vector;
  const step = single.step(actionAt(actionSpace, actions, index));
  if (vector.rewards[index] !== step.reward) return `expected reward ${step.reward}, got ${vector.rewards[index]}`;
  for (const flag of ["terminated", "truncated"] as const) {
    if (vector[flag][index] !== Number(step[flag]))
      return `expected ${flag} ${Number(step[flag])}, got ${vector[flag][index]}`;
  }
  const ended = step.terminated || step.truncated;
  if (ended) {
    const final = rowOf(vector.finalObservations, vector.observationSpace.size, index);
    if (!sameValue(final, step.observation)) {
      return `expected ${shown(step.observation)} in finalObservations, got ${shown(final)}`;
    }
  }
  return shownFault(vector, index, ended && autoreset === "same-step" ? single.reset() : step.observation);
}

/** What is wrong with the answer of an environment that began its next episode in place of a step. */
function begunFault(vector: AnyVector, single: Environment, index: number): string | undefined {
  const answers = [vector.rewards[index], vector.terminated[index], vector.truncated[index]];
  if (answers.some((answer) => answer !== 0)) {
    return `expected reward 0 and no flags after an end, got ${answers.join(", ")}`;
  }
  return shownFault(vector, index, single.reset());
}

function shownFault(vector: AnyVector, index: number, expected: Float32Array): string | undefined {
  const seen = rowOf(vector.observations, vector.observationSpace.size, index);
  return sameValue(seen, expected) ? undefined : `expected observation ${shown(expected)}, got ${shown(seen)}`;
}
