import type { AnyBackend } from "@uphill/autodiff";
import { describe, FormatError, requireInteger, requireObject } from "@uphill/core-math";
import { definitionOf } from "@uphill/envs";
import type { EnvironmentSource, Space } from "@uphill/envs";
import { decodeCheckpoint, encodeCheckpoint } from "../checkpoint/checkpoint.js";
import { resolveOptions } from "../options/resolve.js";
import type { GivenOptions, OptionSchema, OptionsOf } from "../options/schema.js";
import type { Policy } from "../policy/policy.js";
import type { Report } from "../report/report.js";
import type { Agent, TrainOptions } from "./agent.js";
import type { LoopBody, Snapshot } from "./loop-body.js";
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
}

/** An untrained agent. @throws OptionError naming an option that is unknown or out of its range. */
export function newAgent<A extends Space, S extends OptionSchema, R extends Report>(
  maker: AgentMaker<S, R>,
  options: { readonly env: EnvironmentSource<A>; readonly seed?: number; readonly backend?: AnyBackend },
): Agent<A, R> {
  const { env, seed = 0, backend, ...settings } = options;
  const resolved = resolveOptions(maker.options, settings as GivenOptions<S>);
  return new LoopAgent(maker, env, resolved, requireInteger("seed", seed, { least: 0 }), backend);
}

/**
 * The agent of a checkpoint.
 *
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumedAgent<A extends Space, S extends OptionSchema, R extends Report>(
  maker: AgentMaker<S, R>,
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  backend?: AnyBackend,
): Agent<A, R> {
  const { algorithm, options, ...snapshot } = decodeCheckpoint(checkpoint);
  if (algorithm !== maker.algorithm) {
    throw new FormatError(`checkpoint: expected one of ${maker.algorithm}, got one of ${algorithm}`);
  }
  const { environment, seed, settings } = requireObject("checkpoint.options", options);
  const { id } = definitionOf(env);
  if (environment !== id) {
    throw new FormatError(`checkpoint: expected one of environment ${id}, got one of ${describe(environment)}`);
  }
  const agent = new LoopAgent(
    maker,
    env,
    resolveOptions(maker.options, requireObject("checkpoint.options.settings", settings) as GivenOptions<S>),
    requireInteger("checkpoint.options.seed", seed, { least: 0 }),
    backend,
  );
  agent.resume(snapshot);
  return agent;
}

/** A learner in a training loop. */
class LoopAgent<A extends Space, S extends OptionSchema, R extends Report> implements Agent<A, R> {
  readonly #algorithm: string;
  readonly #settings: OptionsOf<S>;
  readonly #seed: number;
  readonly #learner: Learner<A, R>;
  readonly #loop: TrainingLoop<R>;

  constructor(
    maker: AgentMaker<S, R>,
    env: EnvironmentSource<A>,
    settings: OptionsOf<S>,
    seed: number,
    backend: AnyBackend | undefined,
  ) {
    this.#algorithm = maker.algorithm;
    this.#settings = settings;
    this.#seed = seed;
    this.#learner = maker.learner(env, settings, seed, backend);
    this.#loop = new TrainingLoop(this.#learner);
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
    const options = { environment: this.policy.environmentId, seed: this.#seed, settings: this.#settings };
    return encodeCheckpoint({ algorithm: this.#algorithm, options, ...this.#loop.snapshot() });
  }

  resume(snapshot: Snapshot): void {
    this.#loop.resume(snapshot);
  }

  close(): void {
    this.#learner.close();
  }
}
