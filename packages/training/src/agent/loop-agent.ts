import type { AnyBackend } from "@uphill/autodiff";
import { describe, FormatError, OptionError, requireInteger, requireObject, requireString } from "@uphill/core-math";
import { definitionOf } from "@uphill/envs";
import type { EnvironmentSource, JsonValue, Space } from "@uphill/envs";
import { decodeCheckpoint, encodeCheckpoint } from "../checkpoint/checkpoint.js";
import { resolveOptions } from "../options/resolve.js";
import type { OptionSchema, OptionsOf } from "../options/schema.js";
import type { Policy } from "../policy/policy.js";
import type { Report } from "../report/report.js";
import type { Agent, TrainOptions } from "./agent.js";
import type { LoopBody, Snapshot } from "./loop-body.js";
import { bufferFromJson, bufferJson, requireTransitions } from "./stored-transitions.js";
import type { StoredTransitions } from "./stored-transitions.js";
import { TrainingLoop } from "./training-loop.js";

/** A policy that is learned, one iteration at a time. */
export interface Learner<A extends Space, R extends Report> extends LoopBody<R> {
  /** What is learned. */
  readonly policy: Policy<A>;
  /** Lets go of the environments. */
  close(): void;
}

/** What makes an algorithm's agents. */
export interface AgentMaker<S extends OptionSchema, R extends Report> {
  /** The algorithm's name, which its checkpoints carry. */
  readonly algorithm: string;
  /** Its options. */
  readonly options: S;
  /** A new learner; `seed` is an integer ≥ 0. `backend` is to run its updates, where the algorithm takes one. */
  learner<A extends Space>(env: EnvironmentSource<A>, settings: OptionsOf<S>, seed: number, backend?: AnyBackend): Learner<A, R>;
  /** A new learner from stored transitions alone, where the algorithm learns from such. */
  offlineLearner?<A extends Space>(
    stored: Required<StoredTransitions<A>>,
    settings: OptionsOf<S>,
    seed: number,
    backend?: AnyBackend,
  ): Learner<A, R>;
}

/** What an agent learns from: an environment that it plays in, or transitions that were stored before. */
export type LearnedFrom<A extends Space> =
  | { readonly env: EnvironmentSource<A>; readonly transitions?: undefined; readonly environmentId?: undefined }
  | (StoredTransitions<A> & { readonly env?: undefined });

/** An untrained agent. @throws OptionError naming an option that is unknown or out of its range. */
export function newAgent<A extends Space, S extends OptionSchema, R extends Report>(
  maker: AgentMaker<S, R>,
  options: LearnedFrom<A> & { readonly seed?: number; readonly backend?: AnyBackend },
): Agent<A, R> {
  requireObject("options", options);
  const { env, transitions, environmentId = "offline", seed = 0, backend, ...given } = options;
  if (transitions === undefined) {
    if (options.environmentId === undefined) return agentOf(maker, { env }, { seed, given }, backend);
    throw new OptionError("environmentId: expected none without transitions, since environments have their own, got one");
  }
  if (env !== undefined) throw new OptionError("env: expected none beside transitions, since nothing is played then, got one");
  return agentOf(maker, { transitions, environmentId }, { seed, given }, backend);
}

/**
 * The agent of a checkpoint.
 *
 * @param env - The environment that it was trained on; it may be left out where that was none.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name; OptionError
 *   where the environment is missing.
 */
export function resumedAgent<A extends Space, S extends OptionSchema, R extends Report>(
  maker: AgentMaker<S, R>,
  checkpoint: Uint8Array,
  env?: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, R> {
  const { algorithm, options, ...snapshot } = decodeCheckpoint(checkpoint);
  if (algorithm !== maker.algorithm) {
    throw new FormatError(`checkpoint: expected one of ${maker.algorithm}, got one of ${algorithm}`);
  }
  const { environment, transitions, seed, settings } = requireObject("checkpoint.options", options);
  const isOffline = transitions !== undefined;
  const id = isOffline && env === undefined ? String(environment) : definitionOf(env as EnvironmentSource<A>).id;
  if (environment !== id) {
    throw new FormatError(`checkpoint: expected one of environment ${id}, got one of ${describe(environment)}`);
  }
  const learned = isOffline
    ? { transitions: bufferFromJson<A>(transitions), environmentId: id }
    : { env: env as EnvironmentSource<A> };
  const agent = agentOf(maker, learned, { seed, given: requireObject("checkpoint.options.settings", settings) }, backend);
  agent.resume(snapshot);
  return agent;
}

function agentOf<A extends Space, S extends OptionSchema, R extends Report>(
  maker: AgentMaker<S, R>,
  { env, transitions, environmentId }: LearnedFrom<A>,
  run: { readonly seed: unknown; readonly given: object },
  backend: AnyBackend | undefined,
): LoopAgent<A, R> {
  const { algorithm } = maker;
  const settings = resolveOptions(maker.options, run.given);
  const seed = requireInteger("seed", run.seed, { least: 0 });
  if (transitions === undefined) return new LoopAgent(algorithm, maker.learner(env, settings, seed, backend), { seed, settings });
  if (maker.offlineLearner === undefined) {
    throw new OptionError(`transitions: expected none, since ${algorithm} learns only as it plays, got some`);
  }
  const stored = { transitions: requireTransitions<A>(transitions), environmentId: requireString("environmentId", environmentId) };
  const learner = maker.offlineLearner(stored, settings, seed, backend);
  return new LoopAgent(algorithm, learner, { seed, settings, transitions: bufferJson(transitions) });
}

/** A learner in a training loop. */
class LoopAgent<A extends Space, R extends Report> implements Agent<A, R> {
  readonly #algorithm: string;
  readonly #learner: Learner<A, R>;
  /** What checkpoints say of how it was made. */
  readonly #made: Readonly<Record<string, unknown>>;
  readonly #loop: TrainingLoop<R>;

  constructor(algorithm: string, learner: Learner<A, R>, made: Readonly<Record<string, unknown>>) {
    this.#algorithm = algorithm;
    this.#learner = learner;
    this.#made = made;
    this.#loop = new TrainingLoop(learner);
  }

  get policy(): Policy<A> {
    return this.#learner.policy;
  }

  get steps(): number {
    return this.#loop.steps;
  }

  get targetSteps(): number {
    return this.#loop.targetSteps;
  }

  train(options?: TrainOptions): AsyncGenerator<R, void, undefined> {
    return this.#loop.train(options);
  }

  checkpoint(): Uint8Array<ArrayBuffer> {
    const options = { environment: this.policy.environmentId, ...this.#made } as JsonValue;
    return encodeCheckpoint({ algorithm: this.#algorithm, options, ...this.#loop.snapshot() });
  }

  resume(snapshot: Snapshot): void {
    this.#loop.resume(snapshot);
  }

  close(): void {
    this.#learner.close();
  }
}
