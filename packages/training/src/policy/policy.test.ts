import { constant, evaluate, input, Store } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { NumericalError, OptionError, Random, ShapeError } from "@uphill/core-math";
import { categorical, diagonalNormal } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import { box, discrete } from "@uphill/envs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearCategorical, linearNormal } from "../../test/linear-policies.js";
import { Policy } from "./policy.js";
import type { PolicyOptions } from "./policy.js";

const unit = box({ low: [-1, -1], high: [1, 1] });
const finite = fc.float({ min: -100, max: 100, noNaN: true });

describe("Policy", () => {
  it("plays the most probable of its actions", () => {
    const { policy } = linearCategorical([1, 0, -1], [0, 0.5, 0]);
    expect([2, 0, -2].map((x) => policy.act([x]))).toEqual([0, 1, 2]);
  });

  it("plays its mean within the bounds, each its own", () => {
    const { policy } = linearNormal([0.5, 2], 1, unit);
    expect(policy.act([1])).toEqual(Float32Array.of(0.5, 1));
    const halfBounded = box({ low: [-Infinity, -Infinity], high: [Infinity, 1] });
    expect(linearNormal([-5, 2], 1, halfBounded).policy.act([1])).toEqual(Float32Array.of(-5, 1));
    const unbounded = box({ low: -Infinity, high: Infinity, shape: [2] });
    expect(linearNormal([-5, 50], 1, unbounded).policy.act([1])).toEqual(Float32Array.of(-5, 50));
  });

  it("plays what its expressions say", () => {
    const observation = input("observation", ["batch", 1]);
    const policies = [linearCategorical([1, 0.5, -1], [0, 0.2, 0]).policy, linearNormal([0.1, 2], 1, unit).policy];
    const actions = policies.map((policy) => policy.action(policy.distribution(observation)));
    fc.assert(
      fc.property(finite, (x) => {
        policies.forEach((policy, k) => {
          const played = policy.act([x]);
          const said = evaluate(actions[k], { observation: [x] }, policy.store) as Float64Array;
          if (typeof played === "number") expect(played).toBe(said[0]);
          else played.forEach((value, i) => expect(value).toBeCloseTo(said[i], 5));
        });
      }),
    );
  });

  it("sees new weights, and gives arrays of their own", () => {
    const { policy, weights } = linearNormal([0.5, 0.25], 1, unit);
    const first = policy.act([1]);
    policy.store.write(weights, [-0.5, -0.25]);
    expect(policy.act([1])).toEqual(Float32Array.of(-0.5, -0.25));
    expect(first).toEqual(Float32Array.of(0.5, 0.25));
  });

  it("samples the same from the same stream, and draws from no other", () => {
    const { policy } = linearCategorical([0, 0, 0], [0, 0, 0]);
    const draws = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 30 }, () => policy.act([0], { random }));
    };
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
    expect(new Set(draws(1))).toEqual(new Set([0, 1, 2]));
  });

  it("takes observations of any kind of array", () => {
    const { policy } = linearCategorical([1, -1, -1, 1], [0, 0]);
    for (const observation of [[1, 2], Float32Array.of(1, 2), Float64Array.of(1, 2), Int32Array.of(1, 2)]) {
      expect(policy.act(observation)).toBe(1);
    }
  });

  describe("refuses", () => {
    const { policy } = linearCategorical([1, -1, -1, 1], [0, 0]);

    it.each<[string, unknown, new () => Error, string]>([
      ["a short observation", [1], ShapeError, "observation: expected length 2, got [1]"],
      ["two of them", [1, 2, 3, 4], ShapeError, "observation: expected length 2, got [1, 2, 3, 4]"],
      ["a number", 1, OptionError, "observation: expected an array or typed array of numbers, got 1"],
      ["NaN", [1, NaN], NumericalError, "observation[1]: expected a finite float32 number, got NaN"],
      ["an infinity", Float32Array.of(-Infinity, 0), NumericalError, "observation[0]: expected a finite float32"],
      [
        "what float32 cannot hold",
        [1e39, 0],
        NumericalError,
        "observation[0]: expected a finite float32 number, got 1e+39",
      ],
      ["texts", ["1", "2"], NumericalError, 'observation[0]: expected a finite float32 number, got "1"'],
    ])("%s as an observation", (_, observation, type, message) => {
      expect(() => policy.act(observation as number[])).toThrow(type);
      expect(() => policy.act(observation as number[])).toThrow(message);
    });

    it("a stream that is none", () => {
      const random = 1 as unknown as Random;
      expect(() => policy.act([1, 2], { random })).toThrow(new OptionError("random: expected a Random, got 1"));
    });

    it("expressions that are no batch of observations", () => {
      expect(() => policy.distribution(input("x", ["batch", 3]))).toThrow(
        new ShapeError("observation: expected shape [batch, 2], got [batch, 3]"),
      );
      expect(() => policy.distribution(input("x", [2]))).toThrow(
        new ShapeError("observation: expected shape [batch, 2], got [2]"),
      );
      expect(() => policy.distribution(input("x", ["batch", 2], "int32"))).toThrow(
        new OptionError("observation: expected a float32 tensor, got int32"),
      );
      expect(() => policy.distribution([1, 2] as never)).toThrow(
        new OptionError("observation: expected a tensor, got [1, 2]"),
      );
    });
  });
});

describe("a policy cannot be made of", () => {
  const options: PolicyOptions = {
    environmentId: "Errands-v0",
    algorithm: "none",
    observationSpace: box({ low: 0, high: 1 }),
    actionSpace: discrete(2),
    store: new Store(),
    distribution: (observation) => categorical({ logits: observation.matmul(constant([1, 2], [1, 2])) }),
  };

  it.each<[string, object, string]>([
    ["an empty name", { environmentId: "" }, 'environmentId: expected a non-empty string, got ""'],
    ["no algorithm", { algorithm: undefined }, "algorithm: expected a non-empty string, got undefined"],
    ["a discrete observation", { observationSpace: discrete(2) }, "observationSpace: expected a space made by box()"],
    ["a number of actions", { actionSpace: 2 }, "actionSpace: expected a box, a choice, several choices or bits, got 2"],
    ["no store", { store: {} }, "store: expected a Store, got an object"],
    ["no distribution", { distribution: 1 }, "distribution: expected a function of the observation, got 1"],
  ])("%s", (_, changes, message) => {
    expect(() => new Policy({ ...options, ...changes })).toThrow(OptionError);
    expect(() => new Policy({ ...options, ...changes })).toThrow(message);
  });

  it("nothing at all", () => {
    expect(() => new Policy(undefined as unknown as PolicyOptions)).toThrow(
      "options: expected an object, got undefined",
    );
  });

  it("a distribution of other numbers than its space has", () => {
    const real = (observation: Tensor) =>
      Object.create(options.distribution(observation), { dtype: { value: "float32" } }) as Distribution;
    expect(() => new Policy({ ...options, distribution: real }).act([0])).toThrow(
      new ShapeError("distribution: expected one of int32 actions of shape [], got one of float32 actions of shape []"),
    );
  });

  it("a distribution of other shapes than its space has", () => {
    const normal = (observation: Tensor) =>
      diagonalNormal({ mean: observation, logStandardDeviation: constant([0], [1]) });
    expect(() => new Policy({ ...options, distribution: normal }).act([0])).toThrow(
      new ShapeError(
        "distribution: expected one of int32 actions of shape [], got one of float32 actions of shape [1]",
      ),
    );
    expect(() => new Policy({ ...options, actionSpace: unit, distribution: normal }).act([0])).toThrow(
      new ShapeError(
        "distribution: expected one of float32 actions of shape [2], got one of float32 actions of shape [1]",
      ),
    );
  });
});
