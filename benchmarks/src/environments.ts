import { Random } from "@uphill/core-math";
import { acrobot, cartPole, makeVectorEnvironment, pendulum } from "@uphill/envs";
import type { EnvironmentDefinition, Space } from "@uphill/envs";
import { lunarLander } from "@uphill/envs-box2d";
import type { Benchmark, Settings } from "./harness/benchmark.js";
import { type Contender, inProcess } from "./harness/contender.js";
import { measure } from "./harness/measure.js";
import { pythonContender } from "./harness/python.js";
import { stepsPerSecondOf } from "./harness/row.js";

/** In which V8 compiles a physics engine: the harness warms up for less. */
const WARM_UP_TURNS = 200;

interface Measured {
  readonly definition: EnvironmentDefinition;
  /** Steps a second. */
  readonly target: number;
  readonly counts: readonly number[];
}

/** In the order in which `peers/environment_steps.py` has them. */
const measured: readonly Measured[] = [
  { definition: cartPole, target: 10e6, counts: [1, 4096] },
  { definition: pendulum, target: 9e6, counts: [1, 4096] },
  { definition: acrobot, target: 2.5e6, counts: [1, 4096] },
  { definition: lunarLander, target: 8e3, counts: [1, 16] },
];

/** Steps of environments, resets included, with actions drawn beforehand. */
export const environmentSteps: Benchmark = {
  name: "environments",
  summary: "environment steps a second, resets included, for 1 environment and for many",
  rounds: 20,
  run: async (_, settings) => {
    const rows = [];
    for (const [index, { counts }] of measured.entries()) {
      for (const count of counts) rows.push(...(await measureSteps(index, count, settings)));
    }
    return rows;
  },
};

async function measureSteps(index: number, count: number, settings: Settings) {
  const { definition, target } = measured[index];
  const gymnasium = { script: "environment_steps.py", parameters: [index, count] };
  const work = {
    name: `${definition.id}, ${count === 1 ? "1 environment" : `${count} environments`}`,
    figure: stepsPerSecondOf(count),
    target,
    contenders: [uphill(definition, count, WARM_UP_TURNS * settings.turnMs), pythonContender("Gymnasium", gymnasium, settings)],
  };
  return measure(work, settings);
}

function uphill(definition: EnvironmentDefinition, count: number, warmUpMs: number): Contender {
  const vector = makeVectorEnvironment(definition, count);
  const random = new Random(0);
  const actions = Array.from({ length: 16 }, () => drawnActions(vector.actionSpace, count, random));
  vector.reset({ seed: 0 });
  let t = 0;
  const step = (): void => {
    vector.step(actions[t++ % actions.length]);
  };
  for (const end = performance.now() + warmUpMs; performance.now() < end; ) step();
  return inProcess("Uphill", step);
}

function drawnActions(space: Space, count: number, random: Random): Int32Array | Float32Array {
  if (space.kind === "discrete") return Int32Array.from({ length: count }, () => space.sample(random));
  const actions = new Float32Array(count * space.size);
  for (let i = 0; i < count; i++) actions.set(space.sample(random), i * space.size);
  return actions;
}
