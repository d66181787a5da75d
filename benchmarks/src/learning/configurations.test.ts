import { OptionError } from "@uphill/core-math";
import { findEnvironment } from "@uphill/envs";
import { resolveOptions } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { findAlgorithm } from "./algorithms.js";
import { givenOptions } from "./configuration.js";
import { configurations, findConfiguration, selectConfigurations } from "./configurations.js";

test.each(configurations)("$name is one that can be run", (configuration) => {
  const algorithm = findAlgorithm(configuration.algorithm);
  expect(findConfiguration(configuration.name)).toBe(configuration);
  expect(findEnvironment(configuration.environment).id).toBe(configuration.environment);
  const given = givenOptions(configuration, algorithm);
  expect(resolveOptions(algorithm.options, given)).toMatchObject(given);
});

test.each(configurations.filter(({ family }) => family === "batch"))("$name says all that decides its results", (configuration) => {
  const algorithm = findAlgorithm(configuration.algorithm);
  expect(Object.keys(givenOptions(configuration, algorithm)).toSorted()).toEqual(Object.keys(algorithm.options).toSorted());
});

describe("selectConfigurations", () => {
  test("takes all, those that are named, or those of a family, an algorithm and an environment", () => {
    expect(selectConfigurations({})).toEqual(configurations);
    expect(selectConfigurations({ names: ["trpo-Pendulum-v1"] }).map(({ name }) => name)).toEqual(["trpo-Pendulum-v1"]);
    const some = selectConfigurations({ family: "on-policy", algorithm: "ppo", environment: "CartPole-v1" });
    expect(some.map(({ name }) => name)).toEqual(["ppo-CartPole-v1"]);
  });

  test.each([
    [{ names: ["ppo-CartPole"] }, '"ppo-CartPole": no such configuration; did you mean ppo-CartPole-v1?'],
    [{ algorithm: "pppo" }, '"pppo": no such algorithm; did you mean ppo?'],
    [{ family: "onpolicy" }, '"onpolicy": no such family; did you mean on-policy?'],
    [{ environment: "Pendulum" }, '"Pendulum": no such environment; did you mean Pendulum-v1?'],
    [{ algorithm: "reinforce", environment: "Acrobot-v1" }, "expected a filter that some configuration matches"],
  ])("says what is wrong with %o", (filter, message) => {
    expect(() => selectConfigurations(filter)).toThrow(OptionError);
    expect(() => selectConfigurations(filter)).toThrow(message);
  });
});
