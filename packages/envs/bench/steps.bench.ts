import { Random } from "@uphill/core-math";
import { bench, describe } from "vitest";
import { type EnvironmentDefinition, environments, makeEnvironment, makeVectorEnvironment } from "../src/index.js";

/** Environment steps in one iteration of every bench: divide by the mean time for steps a second. */
const STEPS = 65_536;

for (const definition of environments) {
  describe(`${definition.id}: ${STEPS} steps`, () => {
    bench("single", singleSteps(definition));
    for (const count of [1, 64, 4096]) {
      bench(`native vector of ${count}`, vectorSteps(definition, count));
      bench(`adapter over ${count}`, vectorSteps({ ...definition, makeBatch: undefined }, count));
    }
  });
}

function singleSteps(definition: EnvironmentDefinition): () => void {
  const environment = makeEnvironment(definition);
  const random = new Random(0);
  const actions = Array.from({ length: 256 }, () => environment.actionSpace.sample(random));
  environment.reset({ seed: 0 });
  return () => {
    for (let t = 0; t < STEPS; t++) {
      const { terminated, truncated } = environment.step(actions[t % actions.length]);
      if (terminated || truncated) environment.reset();
    }
  };
}

function vectorSteps(definition: EnvironmentDefinition, count: number): () => void {
  const vector = makeVectorEnvironment(definition, count);
  const random = new Random(0);
  const { actionSpace } = vector;
  const samples = Array.from({ length: 16 }, () => Array.from({ length: count }, () => actionSpace.sample(random)));
  const actions = samples.map((row) =>
    actionSpace.kind === "discrete"
      ? Int32Array.from(row as number[])
      : Float32Array.from((row as Float32Array[]).flatMap((x) => [...x])),
  );
  vector.reset({ seed: 0 });
  return () => {
    for (let t = 0; t < STEPS / count; t++) vector.step(actions[t % actions.length]);
  };
}
