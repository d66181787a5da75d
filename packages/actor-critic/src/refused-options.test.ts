import { OptionError } from "@uphill/core-math";
import { box } from "@uphill/envs";
import { ReplayBuffer } from "@uphill/training";
import { expect, test } from "vitest";
import {
  amortizedFittedQ, boltzmannPolicy, boundedLbfgs, fitBoltzmannPolicy, fittedQIteration, gradientAscent, integerProgramme,
  linearRegression, localSearch, networkRegression, nfqca, sampledSoftMaximum, vTracePolicyGradient,
} from "./index.js";

const space = box({ low: -1, high: 1 });
const transitions = new ReplayBuffer({ count: 1, observationSpace: space, actionSpace: space }, { capacity: 4, keepsLogProbabilities: true });
const one = Float32Array.of(0.5);
transitions.add({ observations: one, actions: one, rewards: [1], nextObservations: one, terminated: [1], truncated: [0], logProbabilities: [0] });
const learned = { transitions, fit: linearRegression(), maximize: boundedLbfgs({ starts: 0 }), maxIterations: 1 };

test.each([
  ["fittedQIteration", async () => fittedQIteration({ ...learned, maxIteration: 3 } as never), "maxIteration", "maxIterations"],
  ["amortizedFittedQ", async () => amortizedFittedQ({ ...learned, windows: 3 } as never), "windows", "window"],
  ["networkRegression", async () => networkRegression({ epoch: 3 } as never), "epoch", "epochs"],
  ["linearRegression", async () => linearRegression({ ridges: 3 } as never), "ridges", "ridge"],
  ["gradientAscent", async () => gradientAscent({ step: 3 } as never), "step", "steps"],
  ["boundedLbfgs", async () => boundedLbfgs({ start: 3 } as never), "start", "starts"],
  ["localSearch", async () => localSearch({ start: 3 } as never), "start", "starts"],
  ["sampledSoftMaximum", async () => sampledSoftMaximum({ temperature: 1, sample: 3 } as never), "sample", "samples"],
  ["integerProgramme", async () => integerProgramme({ solve: () => null, constraint: [] } as never), "constraint", "constraints"],
  ["fitBoltzmannPolicy", async () => fitBoltzmannPolicy({ learningRates: 3 } as never), "learningRates", "learningRate"],
  ["boltzmannPolicy", async () => boltzmannPolicy({} as never, { temperatur: 3 } as never), "temperatur", "temperature"],
])("%s says which option it does not know, and the nearest that it does", async (_, made, unknown, nearest) => {
  await expect(made()).rejects.toThrow(new OptionError(`"${unknown}": no such option; did you mean ${nearest}?`));
});

test.each([
  ["fittedQIteration", async (given: object) => fittedQIteration({ ...learned, ...given }), "onIteration"],
  ["amortizedFittedQ", async (given: object) => amortizedFittedQ({ ...learned, ...given }), "onIteration"],
  ["nfqca", async (given: object) => nfqca({ transitions, ...given }), "onIteration"],
  ["vTracePolicyGradient", async (given: object) => vTracePolicyGradient({ transitions, sequenceSteps: 1, ...given }), "onUpdate"],
])("%s refuses a callback that is no function before it learns", async (_, learn, name) => {
  await expect(learn({ [name]: 3 })).rejects.toThrow(new OptionError(`${name}: expected a function, got 3`));
});

test("an end is heard after the only fit, before anything is said of it", async () => {
  const heard: number[] = [];
  const onIteration = ({ iterations }: { iterations: number }): void => void heard.push(iterations);
  await expect(fittedQIteration({ ...learned, onIteration, signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  expect(heard).toEqual([]);
});
