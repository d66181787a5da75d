import { compile, grad, input, Store, variable } from "@uphill/autodiff";
import { OptionError, Random, ShapeError } from "@uphill/core-math";
import { diagonalNormal } from "@uphill/distributions";
import { box, discrete } from "@uphill/envs";
import { adam } from "@uphill/nn";
import { ReplayBuffer } from "@uphill/training";
import { describe, expect, test } from "vitest";
import { quadraticQ } from "../../test/quadratic.js";
import { boltzmannProbabilities, fitBoltzmannPolicy, fittedQIteration, linearRegression, sacLosses, softMaximum } from "../index.js";

test("boltzmannProbabilities are softmax(Q/β)", async () => {
  const buffer = new ReplayBuffer({ count: 1, observationSpace: box({ low: 0, high: 1, shape: [1] }), actionSpace: discrete(3) }, { capacity: 9 });
  [1, 2, 4].forEach((reward, action) => {
    buffer.add({ observations: [1], actions: Int32Array.of(action), rewards: [reward], nextObservations: [1], terminated: [1], truncated: [0] });
  });
  const fit = linearRegression({ features: (row) => row.subarray(1), ridge: 1e-9 });
  const fitted = await fittedQIteration({ transitions: buffer, fit, maximize: softMaximum(2) });
  const weights = [Math.exp(0.5), Math.exp(1), Math.exp(2)];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  [...boltzmannProbabilities(fitted, [1], 2)].forEach((probability, k) => expect(probability).toBeCloseTo(weights[k] / total, 5));
  expect(() => boltzmannProbabilities(fitted, [1], 0)).toThrow(OptionError);
});

/** A normal policy with a mean linear in the state and a free spread, which starts at twice of what it is to be. */
function linearPolicy(variance = 1) {
  const [slope, shift] = [variable("slope", [1, 1], 0), variable("shift", [1], 0)];
  const logStandardDeviation = variable("logStandardDeviation", [1], Math.log(2 * Math.sqrt(variance)));
  return {
    parameters: [slope, shift, logStandardDeviation],
    distribution: (observation: ReturnType<typeof input>) =>
      diagonalNormal({ mean: observation.matmul(slope).add(shift), logStandardDeviation }),
    read: (store: Store) => [slope, shift, logStandardDeviation].map((each) => store.read(each)[0]),
  };
}

describe("on Q = −k (a − a*(s))²/2 with a* = 0.3 + 0.5 s", () => {
  const k = 4;
  const peak = (row: Float32Array) => [0.3 + 0.5 * row[0]];
  const observations = Float32Array.from({ length: 64 }, (_, n) => n / 32 - 1);

  test.each([1, 0.1, 0.01, 0.001])("the normal fitted by reverse KL at β = %d is N(a*, β/k)", (temperature) => {
    const { read, ...policy } = linearPolicy(temperature / k);
    const store = fitBoltzmannPolicy({ q: quadraticQ(1, k, peak), observations, observationSize: 1, ...policy, temperature, steps: 1200, learningRate: 0.03 });
    const [slope, shift, logDeviation] = read(store);
    // Pairs of noise cancel in the mean; the squares of 64 × 1200 draws are 1 to half a percent.
    expect(slope).toBeCloseTo(0.5, 4);
    expect(shift).toBeCloseTo(0.3, 4);
    expect(Math.abs(Math.exp(logDeviation) / Math.sqrt(temperature / k) - 1)).toBeLessThan(0.01);
  });

  test("SAC's policy loss leads to the deterministic policy gradient's action as α falls to 0, with spread √(α/k)", () => {
    const spreads = [1, 0.1, 0.01, 0.001].map((alpha) => {
      const policy = linearPolicy(alpha / k);
      const store = new Store();
      const [observation, noise, learningRate] = [input("observation", ["batch", 1]), input("noise", ["batch", 1]), input("learningRate", [])];
      const temperature = input("temperature", []);
      const { value, logProbability } = policy.distribution(observation).sampleWithLogProbability(noise);
      const q = value.sub(observation.mul(0.5).add(0.3)).square().mul(-k / 2).reshape(["batch"]);
      const { policyLoss } = sacLosses({ storedQ: [q], target: q, policyQ: [q], logProbability, temperature });
      const updates = adam(policy.parameters, grad(policyLoss, policy.parameters), { learningRate });
      const step = compile({ inputs: { observation, noise, learningRate, temperature }, outputs: { policyLoss }, updates, store });
      const random = new Random(8);
      const twice = Float32Array.of(...observations, ...observations);
      for (let n = 0; n < 1200; n++) {
        const half = new Float32Array(observations.length);
        random.fillStandardNormal(half);
        const drawn = Float32Array.of(...half, ...half.map((x) => -x));
        step.execute({ observation: twice, noise: drawn, temperature: alpha, learningRate: 0.03 * (1 - n / 1200) });
      }
      const [slope, shift, logDeviation] = policy.read(store);
      // Where the deterministic policy gradient is zero: ∂Q/∂a = 0 at a = a*.
      const spread = Math.sqrt(alpha / k);
      expect(slope).toBeCloseTo(0.5, 4);
      expect(shift).toBeCloseTo(0.3, 4);
      expect(Math.abs(Math.exp(logDeviation) / spread - 1)).toBeLessThan(0.02);
      return Math.exp(logDeviation);
    });
    spreads.slice(1).forEach((spread, i) => expect(spread).toBeLessThan(spreads[i]));
  });

  test("takes as many states as memory holds", () => {
    const { read, ...policy } = linearPolicy();
    const flat = (rows: Float32Array) => ({ values: new Float64Array(rows.length / 2), gradients: new Float64Array(rows.length) });
    const q = { predict: (rows: Float32Array) => flat(rows).values, differentiate: flat };
    const store = fitBoltzmannPolicy({ q, observations: new Float32Array(100_000), observationSize: 1, ...policy, temperature: 1, steps: 1 });
    // Where Q is flat the widest normal is the best one: log σ takes a whole step of Adam.
    expect(read(store)[2]).toBeCloseTo(Math.log(2) + 0.03, 4);
  });

  test("a Q without derivatives and options that are none are refused", () => {
    const { distribution, parameters } = linearPolicy();
    const options = { q: quadraticQ(1, k, peak), observations, observationSize: 1, distribution, parameters, temperature: 1 };
    expect(() => fitBoltzmannPolicy({ ...options, q: { predict: () => new Float64Array(64) } })).toThrow("q: expected a fitted function with derivatives");
    expect(() => fitBoltzmannPolicy({ ...options, temperature: 0 })).toThrow(OptionError);
    expect(() => fitBoltzmannPolicy({ ...options, steps: 0 })).toThrow("steps");
    expect(() => fitBoltzmannPolicy({ ...options, q: undefined as never })).toThrow("q: expected an object with a method predict, got undefined");
    expect(() => fitBoltzmannPolicy({ ...options, observations: new Float32Array(0) })).toThrow("observations: expected rows of 1 elements, at least one, got 0");
    expect(() => fitBoltzmannPolicy({ ...options, observationSize: 3 })).toThrow(ShapeError);
  });
});
