import { compile, input } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import { makeVectorEnvironment, seenAs } from "@uphill/envs";
import type { ActionsOf, EnvironmentSource, Space } from "@uphill/envs";
import { EventLoopPacer } from "../pace/event-loop-pacer.js";
import { KeptNoise } from "../policy/kept-noise.js";
import { noiseLength } from "../policy/noise-length.js";
import type { Policy } from "../policy/policy.js";
import { withinBounds } from "../policy/within-bounds.js";

/** Where and how long a policy is sampled. */
export interface SampledStepsOptions {
  /** N, as many environments. */
  readonly environments: number;
  /** T, steps of each. */
  readonly steps: number;
  /** Environment i starts from the seed `seed` + i. */
  readonly seed: number;
  /** Draws the actions. */
  readonly random: Random;
  readonly signal: AbortSignal | undefined;
}

/** What a policy did in N environments, environment by environment: element i·T + t belongs to step t of environment i. */
export interface SampledSteps {
  /** N. */
  readonly environments: number;
  /** T. */
  readonly steps: number;
  /** `[N, T, observation size]`. */
  readonly observations: Float32Array;
  /** Int32 `[N, T]`, or float32 `[N, T, size]`: as sampled, before any clipping. */
  readonly actions: Int32Array | Float32Array;
  /** `[N, T]`: log π(a | s) in nats. */
  readonly logProbabilities: Float32Array;
  /** `[N, T]`. */
  readonly rewards: Float64Array;
  /** 0 or 1, `[N, T]`. */
  readonly terminated: Uint8Array;
  /** 0 or 1, `[N, T]`. */
  readonly truncated: Uint8Array;
}

/**
 * Samples a policy in environments of its own.
 *
 * @returns What it did; undefined for a policy that is not sampled by noise: a deterministic one, or one that draws on the host.
 * @throws The signal's reason where it is aborted.
 */
export async function sampledSteps<A extends Space>(
  policy: Policy<A>,
  source: EnvironmentSource<A>,
  { environments: count, steps, seed, random, signal }: SampledStepsOptions,
): Promise<SampledSteps | undefined> {
  const sampler = compileSampler(policy, count);
  if (sampler === undefined) return undefined;
  const environments = makeVectorEnvironment(seenAs(source, policy.observationSpace), count);
  const pacer = new EventLoopPacer();
  const kept = new KeptNoise(policy.noiseSteps);
  const taken = emptySteps(policy, sampler.distribution, count, steps);
  try {
    environments.reset({ seed });
    for (let step = 0; step < steps; step++) {
      const { observations } = environments;
      policy.actionMask?.requireAllowed(policy.environmentId, observations);
      const noise = kept.next(random, sampler.noiseLength, (values) => fillNoise(sampler.kind, random, values));
      sampler.program.execute({ observation: observations, noise });
      const at = { step, count, steps };
      copyRows(observations, taken.observations, at);
      copyRows(sampler.program.view("action"), taken.actions, at);
      copyRows(sampler.program.view("logProbability"), taken.logProbabilities, at);
      environments.step(sampler.program.view("environmentAction") as ActionsOf<A>);
      for (const name of ["rewards", "terminated", "truncated"] as const) copyRows(environments[name], taken[name], at);
      if (pacer.due) await pacer.turn();
      signal?.throwIfAborted();
    }
  } finally {
    environments.close();
  }
  return taken;
}

/** Acting; undefined where noise does not do. */
function compileSampler(policy: Policy, count: number) {
  const { store, observationSpace, actionSpace } = policy;
  const observation = input("observation", ["batch", observationSpace.size]);
  const distribution = policy.distribution(observation);
  const { kind, shape } = distribution.noise;
  if (distribution.kind === "deterministic" || kind === "sample") return undefined;
  const noise = input("noise", shape);
  const { value: action, logProbability } = distribution.sampleWithLogProbability(noise);
  const program = compile({
    inputs: { observation, noise },
    outputs: { action, environmentAction: withinBounds(action, actionSpace), logProbability },
    store,
  });
  return { program, distribution, kind, noiseLength: noiseLength(distribution, count) };
}

function emptySteps({ observationSpace }: Policy, { dtype, eventShape }: Distribution, environments: number, steps: number): SampledSteps {
  const count = environments * steps;
  const actionSize = eventShape.reduce<number>((size, length) => size * Number(length), 1);
  return {
    environments,
    steps,
    observations: new Float32Array(count * observationSpace.size),
    actions: dtype === "int32" ? new Int32Array(count * actionSize) : new Float32Array(count * actionSize),
    logProbabilities: new Float32Array(count),
    rewards: new Float64Array(count),
    terminated: new Uint8Array(count),
    truncated: new Uint8Array(count),
  };
}

type Numbers = Int32Array | Float32Array | Float64Array | Uint8Array;

/** One step of all environments, `[N, size]`, to where each of them has it. */
function copyRows(
  rows: ArrayLike<number>,
  out: Numbers,
  { step, count, steps }: { readonly step: number; readonly count: number; readonly steps: number },
): void {
  const size = rows.length / count;
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) out[(i * steps + step) * size + k] = rows[i * size + k];
  }
}
