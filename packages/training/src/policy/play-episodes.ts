import { expectation, OptionError, requireInteger, ShapeError } from "@uphill/core-math";
import { definitionOf, makeVectorEnvironment, seenAs } from "@uphill/envs";
import type { ActionsOf, Box, EnvironmentSource, Space, VectorEnvironment } from "@uphill/envs";
import { EventLoopPacer } from "../pace/event-loop-pacer.js";
import { requireSignal } from "../pace/require-signal.js";

/** How many episodes are played side by side. */
const WAVE = 128;

/** Which episodes {@link playEpisodes} plays. */
export interface EpisodeOptions {
  /** How many episodes, at least 1; 100 by default. */
  readonly episodes?: number;
  /** Episode i starts from the environment's seed `seed` + i; 0 by default. */
  readonly seed?: number;
  /** Stops it: the promise rejects with the signal's reason. */
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
  /**
   * The observations that it was made for. Where it says so, an environment of others is an error, but for windows: it
   * plays one whose last k observations, as one, are what it was made for.
   */
  readonly observationSpace?: Box;
  /** The actions that it gives. Where it says so, an environment of others is an error. */
  readonly actionSpace?: A;
  /**
   * Chooses the actions of N environments.
   *
   * @param observations - Float32 `[N, observation size]`, valid until the next step.
   * @returns Int32 `[N]` for a discrete space, float32 `[N, size]` for a box; or a promise of that.
   */
  act(observations: Float32Array): ActionsOf<A> | Promise<ActionsOf<A>>;
}

/**
 * Plays whole episodes on environments of its own, one episode for each seed, and returns how they went.
 *
 * Episodes are played 128 at a time, and every one counts once, however long: what an environment does after the end of
 * its episode is not looked at. Nothing ends an episode that neither terminates nor has a time limit, but the signal.
 *
 * @param actor - What chooses the actions.
 * @param source - The environment.
 * @param options - See {@link EpisodeOptions}.
 * @returns Returns and lengths, in the order of the seeds.
 * @throws OptionError for an actor or environment that is none, or a number of episodes or a seed out of its range;
 *   ShapeError where the actor is for other spaces than the environment's. The signal's reason where it is aborted.
 */
export async function playEpisodes<A extends Space>(
  actor: Actor<A>,
  source: EnvironmentSource<A>,
  options: EpisodeOptions = {},
): Promise<Evaluation> {
  requireActor(actor);
  const episodes = requireInteger("episodes", options.episodes ?? 100, { least: 1 });
  const seed = requireInteger("seed", options.seed ?? 0, { least: 0, most: Number.MAX_SAFE_INTEGER - episodes });
  const signal = requireSignal("signal", options.signal);
  const evaluation = { returns: new Float64Array(episodes), lengths: new Int32Array(episodes) };
  const pacer = new EventLoopPacer();
  const seen = actor.observationSpace === undefined ? source : seenAs(source, actor.observationSpace);
  for (let start = 0; start < episodes; start += WAVE) {
    const environments = makeVectorEnvironment(seen, Math.min(WAVE, episodes - start));
    try {
      requireSpaces(actor, environments, source);
      environments.reset({ seed: seed + start });
      await playWave(actor, environments, { start, ...evaluation }, async () => {
        if (pacer.due) await pacer.turn();
        signal?.throwIfAborted();
      });
    } finally {
      environments.close();
    }
  }
  const { returns, lengths } = evaluation;
  return { returns, lengths, ...moments(returns), meanLength: mean(lengths) };
}

/** Where a wave of episodes writes how they went: episode i of it to `start` + i. */
interface Wave {
  readonly start: number;
  readonly returns: Float64Array;
  readonly lengths: Int32Array;
}

async function playWave<A extends Space>(
  actor: Actor<A>,
  environments: VectorEnvironment<A>,
  { start, returns, lengths }: Wave,
  pause: () => Promise<void>,
): Promise<void> {
  const { count, rewards, terminated, truncated } = environments;
  const running = new Uint8Array(count).fill(1);
  for (let left = count; left > 0;) {
    await pause();
    const chosen = actor.act(environments.observations);
    // Actions that are there already are used at once: they may be a view that another program writes over.
    environments.step(chosen instanceof Promise ? await chosen : chosen);
    for (let i = 0; i < count; i++) {
      if (running[i] === 0) continue;
      returns[start + i] += rewards[i];
      lengths[start + i]++;
      if (terminated[i] === 0 && truncated[i] === 0) continue;
      running[i] = 0;
      left--;
    }
  }
}

function requireActor(actor: unknown): void {
  if (typeof actor === "object" && actor !== null && "act" in actor && typeof actor.act === "function") return;
  throw new OptionError(expectation("actor", "an object with a method act", actor));
}

function requireSpaces<A extends Space>(
  { observationSpace, actionSpace }: Actor<A>,
  environments: VectorEnvironment<A>,
  source: EnvironmentSource<A>,
): void {
  const expected = spacesText(
    observationSpace ?? environments.observationSpace,
    actionSpace ?? environments.actionSpace,
  );
  const actual = spacesText(environments.observationSpace, environments.actionSpace);
  if (expected === actual) return;
  throw new ShapeError(`env: expected one with ${expected}, got ${definitionOf(source).id} with ${actual}`);
}

/** `observations of length 4 and 2 actions`: what has to agree; bounds need not. */
function spacesText(observationSpace: Box, actionSpace: Space): string {
  return `observations of length ${observationSpace.size} and ${actionsText(actionSpace)}`;
}

function actionsText(space: Space): string {
  if (space.kind === "box") return `actions of length ${space.size}`;
  return `${space.kind === "discrete" ? space.n : space.counts.join(" × ")} actions`;
}

function moments(values: Float64Array): { readonly meanReturn: number; readonly standardDeviation: number } {
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
