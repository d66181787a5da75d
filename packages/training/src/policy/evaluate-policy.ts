import { requireInteger } from "@uphill/core-math";
import type { Random } from "@uphill/core-math";
import { makeVectorEnvironment } from "@uphill/envs";
import type { ActionsOf, EnvironmentSource, Space } from "@uphill/envs";
import { PolicyActor } from "./policy.js";
import type { Policy } from "./policy.js";
import { EventLoopPacer } from "../pace/event-loop-pacer.js";
import { requireSignal } from "../pace/require-signal.js";

/** How many episodes are played side by side. */
const WAVE = 128;

/** How {@link evaluatePolicy} plays. */
export interface EvaluationOptions {
  /** How many episodes, at least 1; 100 by default. */
  readonly episodes?: number;
  /** Episode i starts from the environment's seed `seed` + i; 0 by default. */
  readonly seed?: number;
  /** The stream to sample actions from; without one the policy plays its mode. */
  readonly random?: Random;
  /** Stops the evaluation: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What episodes gave. */
export interface Evaluation {
  /** Undiscounted return of each episode. */
  readonly returns: Float64Array;
  /** Length of each episode, in steps. */
  readonly lengths: Int32Array;
  /** Mean of the returns. */
  readonly meanReturn: number;
  /** Standard deviation of the returns, of the population. */
  readonly standardDeviation: number;
  /** Mean of the lengths, in steps. */
  readonly meanLength: number;
}

/** What plays many observations at once: a `PolicyActor`, or an exported policy. */
export interface Actor<A extends Space = Space> {
  /** From float32 `[N, observation size]` to the actions: int32 `[N]`, or float32 `[N, size]`. */
  act(observations: Float32Array): ActionsOf<A> | Promise<ActionsOf<A>>;
}

/**
 * Plays whole episodes on environments of its own, one episode for each seed, and returns how they went.
 *
 * Every episode counts once, however long: environments that finish early do not start another.
 *
 * @param actor - What chooses the actions.
 * @param source - The environment.
 * @param options - See {@link EvaluationOptions}.
 * @throws OptionError for a number of episodes or a seed out of its range.
 */
export async function playEpisodes<A extends Space>(
  actor: Actor<A>,
  source: EnvironmentSource<A>,
  options: Pick<EvaluationOptions, "episodes" | "seed" | "signal"> = {},
): Promise<Evaluation> {
  const episodes = requireInteger("episodes", options.episodes ?? 100, { least: 1 });
  const seed = requireInteger("seed", options.seed ?? 0, { least: 0 });
  const signal = requireSignal("signal", options.signal);
  const returns = new Float64Array(episodes);
  const lengths = new Int32Array(episodes);
  const pacer = new EventLoopPacer();
  for (let start = 0; start < episodes; start += WAVE) {
    const count = Math.min(WAVE, episodes - start);
    const environments = makeVectorEnvironment(source, count);
    try {
      environments.reset({ seed: seed + start });
      const running = new Uint8Array(count).fill(1);
      for (let left = count; left > 0;) {
        const actions = await actor.act(environments.observations);
        environments.step(actions);
        for (let i = 0; i < count; i++) {
          if (running[i] === 0) continue;
          returns[start + i] += environments.rewards[i];
          lengths[start + i]++;
          if (environments.terminated[i] === 0 && environments.truncated[i] === 0) continue;
          running[i] = 0;
          left--;
        }
        if (pacer.due) await pacer.turn();
        signal?.throwIfAborted();
      }
    } finally {
      environments.close();
    }
  }
  return { returns, lengths, ...moments(returns), meanLength: mean(lengths) };
}

function moments(values: Float64Array): { meanReturn: number; standardDeviation: number } {
  const center = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - center) * (value - center);
  return { meanReturn: center, standardDeviation: Math.sqrt(squares / values.length) };
}

function mean(values: Float64Array | Int32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/**
 * Plays whole episodes with a policy, on environments of its own, without exploring unless a stream is given.
 *
 * @param policy - What to play.
 * @param source - The environment.
 * @param options - See {@link EvaluationOptions}.
 * @throws OptionError for a number of episodes or a seed out of its range, or an environment of other spaces.
 */
export async function evaluatePolicy<A extends Space>(
  policy: Policy<A>,
  source: EnvironmentSource<A>,
  options: EvaluationOptions = {},
): Promise<Evaluation> {
  const { random, ...rest } = options;
  const actor = new PolicyActor(policy);
  const acting = random === undefined ? {} : { random };
  return playEpisodes({ act: (observations) => actor.act(observations, acting) }, source, rest);
}
