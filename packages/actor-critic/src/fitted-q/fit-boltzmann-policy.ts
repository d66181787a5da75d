import { compile, grad, input, Store } from "@uphill/autodiff";
import type { Tensor, Variable } from "@uphill/autodiff";
import { expectation, NumericalError, OptionError, Random, requireArray, requireInteger, requireNumber, ShapeError } from "@uphill/core-math";
import type { DiagonalNormal } from "@uphill/distributions";
import { adam } from "@uphill/nn";
import { requireKnown } from "../internal/require-known.js";
import { requireMethod } from "../internal/require-method.js";
import type { FittedFunction } from "./regression.js";

/** What {@link fitBoltzmannPolicy} takes. */
export interface BoltzmannPolicyOptions {
  /** Q of rows (observation, action), with derivatives; actions as the normal has them. */
  readonly q: FittedFunction;
  /** States to fit in, `[n, observation size]`. */
  readonly observations: Float32Array;
  /** Numbers of an observation. */
  readonly observationSize: number;
  /** The policy: from `["batch", observation size]` to normals over actions. */
  readonly distribution: (observation: Tensor) => DiagonalNormal;
  /** Its trainable variables. */
  readonly parameters: readonly Variable[];
  /** Owner of their values. A new one where left out. */
  readonly store?: Store;
  /** β > 0. */
  readonly temperature: number;
  /** Steps of Adam, each over all states with fresh actions. Default 500. */
  readonly steps?: number;
  /** Adam's step size, which falls to 0 along a line. Default 0.03. */
  readonly learningRate?: number;
  /** Fixes the actions that are drawn. Default 0. */
  readonly seed?: number;
}

const knownOptions: Readonly<Record<keyof BoltzmannPolicyOptions, true>> = {
  q: true,
  observations: true,
  observationSize: true,
  distribution: true,
  parameters: true,
  store: true,
  temperature: true,
  steps: true,
  learningRate: true,
  seed: true,
};

/**
 * Fits a normal policy to the Boltzmann policy of a Q over continuous actions, by the reverse divergence:
 *
 *     minimise  E_s[KL(π(· | s) ‖ exp(Q(s, ·)/β) / Z)] = (1/β) E[β log π(a|s) − Q(s, a)] + const,   a = μ + σ ε
 *
 * Gradients go through a, by the derivatives of Q there; Z does not matter. Noise comes in pairs ±ε, so that what is odd in
 * it cancels. The direction seeks one top of Q: a forward
 * divergence would cover them all. For Q = −k(a − a*)²/2 the result is N(a*, β/k) exactly, and as β goes to 0 it plays a*
 * alone, which is where the deterministic policy gradient leads. (Haarnoja et al. 2018, equation 10.)
 *
 * @param options - See {@link BoltzmannPolicyOptions}.
 * @returns The store, with the fitted values.
 * @throws OptionError for an option that is unknown or out of its range, or a Q without derivatives; ShapeError for observations that
 *   are no whole rows; NumericalError where a loss is not finite.
 */
export function fitBoltzmannPolicy(options: BoltzmannPolicyOptions): Store {
  const { q, store = new Store() } = requireKnown("options", options, knownOptions);
  const observationSize = requireInteger("observationSize", options.observationSize, { least: 1 });
  const { length } = requireArray("observations", options.observations);
  if (length === 0 || length % observationSize !== 0) {
    throw new ShapeError(`observations: expected rows of ${observationSize} elements, at least one, got ${length} elements in all`);
  }
  requireMethod("q", q, "predict");
  const temperature = requireNumber("temperature", options.temperature, { above: 0 });
  const steps = requireInteger("steps", options.steps ?? 500, { least: 1 });
  const learningRate = requireNumber("learningRate", options.learningRate ?? 0.03, { above: 0 });
  if (q.differentiate === undefined) throw new OptionError(expectation("q", "a fitted function with derivatives", q));
  const { draw, improve, size } = compilePrograms(options, store, temperature);
  const random = new Random(requireInteger("seed", options.seed ?? 0, { least: 0 }));
  // Every state twice: with some noise, and with its negative.
  const observations = new Float32Array(2 * length);
  for (const start of [0, length]) observations.set(options.observations, start);
  const count = observations.length / observationSize;
  const width = observationSize + size;
  const noise = new Float32Array(count * size);
  const half = noise.length / 2;
  const rows = new Float32Array(count * width);
  const slopes = new Float32Array(count * size);
  for (let step = 0; step < steps; step++) {
    random.fillStandardNormal(noise.subarray(0, half));
    for (let i = 0; i < half; i++) noise[half + i] = -noise[i];
    draw.execute({ observation: observations, noise });
    const actions = draw.view("action");
    for (let n = 0; n < count; n++) {
      rows.set(observations.subarray(n * observationSize, (n + 1) * observationSize), n * width);
      rows.set(actions.subarray(n * size, (n + 1) * size), n * width + observationSize);
    }
    const { gradients } = q.differentiate(rows);
    for (let i = 0; i < slopes.length; i++) slopes[i] = gradients[Math.floor(i / size) * width + observationSize + (i % size)];
    improve.execute({ observation: observations, noise, slope: slopes, learningRate: learningRate * (1 - step / steps) });
    if (improve.updatesApplied) continue;
    throw new NumericalError(`fitBoltzmannPolicy: expected a finite gradient, got ${improve.scalar("loss")} as the loss of step ${step + 1}`);
  }
  return store;
}

/** Drawing actions; and a step along the gradient, in which Q is linear around them. */
function compilePrograms({ distribution, parameters, observationSize }: BoltzmannPolicyOptions, store: Store, temperature: number) {
  const observation = input("observation", ["batch", observationSize]);
  const policy = distribution(observation);
  const noise = input("noise", policy.noise.shape);
  const slope = input("slope", policy.noise.shape);
  const learningRate = input("learningRate", []);
  const sample = policy.sampleWithLogProbability(noise);
  const linearized = sample.value.mul(slope).sum(-1);
  const loss = sample.logProbability.mul(temperature).sub(linearized).mean();
  const updates = adam(parameters, grad(loss, parameters), { learningRate });
  return {
    draw: compile({ inputs: { observation, noise }, outputs: { action: sample.value }, store }),
    improve: compile({ inputs: { observation, noise, slope, learningRate }, outputs: { loss }, updates, store }),
    size: policy.eventShape[0] as number,
  };
}
