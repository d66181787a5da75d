import { ppoPresets } from "@uphill/pg-algorithms";
import { expect, test } from "vitest";
import { environments } from "./environments.js";
import { firstOptions, runOptions, startingOptions } from "./run-options.js";

test("a run begins with the environment's preset over the defaults", () => {
  const [cartPole] = environments;
  const options = startingOptions(cartPole);
  expect(options).toMatchObject(ppoPresets["CartPole-v1"]);
  expect(options).toMatchObject({ seed: 1, steps: 50_000, maxGradientNorm: runOptions.maxGradientNorm.default });
});

test("every environment has options that its run can begin with", () => {
  for (const environment of environments) {
    const options = startingOptions(environment);
    expect(Object.keys(options)).toEqual(Object.keys(runOptions));
    expect(options.minibatchSize).toBeLessThanOrEqual(options.environments * options.rolloutSteps);
  }
});

test("the options that come first are options, each once", () => {
  expect(Object.keys(runOptions)).toEqual(expect.arrayContaining([...firstOptions]));
  expect(new Set(firstOptions).size).toBe(firstOptions.length);
});
