import { expectation, OptionError, ShapeError, StateError } from "@uphill/core-math";
import { actionAt, makeEnvironment, seenAs } from "@uphill/envs";
import type { ActionOf, ActionsOf, Box, EnvironmentSource, Space } from "@uphill/envs";
import { readMetadata } from "../policy/metadata.js";
import type { PolicyMetadata } from "../policy/metadata.js";
import { decodeModel } from "../protobuf/model-bytes.js";
import { batchOf, batchOfOne } from "./batch.js";
import type { Batch, Observations } from "./batch.js";
import { nodeRuntime } from "./node-runtime.js";
import type { OnnxRuntime, OnnxSession } from "./onnx-runtime.js";
import { readFile } from "./read-file.js";
import { openSession, runSession } from "./session.js";
import type { PolicyOutputs } from "./session.js";

/**
 * What {@link OnnxPolicy.load} takes beside the file.
 *
 * @typeParam A - The action space.
 */
export interface LoadOptions<A extends Space = Space> {
  /**
   * What the policy is to play: loading checks that it fits, or its windows of observations do, and actions have that
   * environment's type.
   */
  readonly env?: EnvironmentSource<A>;
  /** What runs the file: the module `onnxruntime-node` or `onnxruntime-web`. The former where left out. */
  readonly runtime?: OnnxRuntime;
}

/**
 * A policy that lives in an ONNX file alone: nothing of what trained it is needed to run it.
 *
 * @example
 * const policy = await OnnxPolicy.load("cartpole.onnx", { env: cartPole });
 * const action = await policy.act([0.01, -0.02, 0.03, 0.04]);
 * @typeParam A - The action space.
 */
export class OnnxPolicy<A extends Space = Space> {
  readonly #session: OnnxSession;
  readonly #runtime: OnnxRuntime;
  readonly #metadata: PolicyMetadata;
  #closed = false;

  private constructor(runtime: OnnxRuntime, session: OnnxSession, metadata: PolicyMetadata) {
    this.#runtime = runtime;
    this.#session = session;
    this.#metadata = metadata;
  }

  /**
   * Loads a file that `encodeOnnx` or `exportOnnx` made.
   *
   * @param file - A path (in Node.js), or the file's bytes.
   * @param options - See {@link LoadOptions}.
   * @throws FileError where the path cannot be read; FormatError where the file is truncated, damaged, no ONNX model, or a
   *   model without Uphill's metadata; ShapeError where it does not fit `env`; OptionError where onnxruntime-node is needed
   *   and not installed.
   */
  static async load<A extends Space = Space>(
    file: string | Uint8Array,
    options: LoadOptions<A> = {},
  ): Promise<OnnxPolicy<A>> {
    const { source, bytes } = await readFile(file);
    const metadata = readMetadata(source, decodeModel(source, bytes));
    if (options.env !== undefined) requireFit(source, metadata, options.env);
    const runtime = requireRuntime(options.runtime ?? (await nodeRuntime()));
    return new OnnxPolicy<A>(runtime, await openSession(source, bytes, runtime), metadata);
  }

  /** The environment that the policy was trained for, such as `CartPole-v1`. */
  get environmentId(): string {
    return this.#metadata.environmentId;
  }

  /** What trained it, such as `ppo`. */
  get algorithm(): string {
    return this.#metadata.algorithm;
  }

  /** Kind of the distribution over actions, such as `categorical`. */
  get distribution(): string {
    return this.#metadata.distribution;
  }

  /** The space of observations. */
  get observationSpace(): Box {
    return this.#metadata.observationSpace;
  }

  /** The space of actions. */
  get actionSpace(): A {
    return this.#metadata.actionSpace as A;
  }

  /**
   * The action for one observation.
   *
   * @param observation - `observationSpace.size` finite numbers.
   * @returns A number in [0, n) for a discrete space; for a box, float32 `[actionSpace.size]` within its bounds; for several
   *   choices, int32 `[actionSpace.size]`.
   * @throws ShapeError for a wrong length; NumericalError for NaN or an infinity; StateError after {@link close}.
   */
  async act(observation: ArrayLike<number>): Promise<ActionOf<A>> {
    const { action } = await this.#run(batchOfOne(observation, this.observationSpace.size));
    return actionAt(this.actionSpace, action as ActionsOf<A>, 0);
  }

  /**
   * The actions for N observations, by one run of the graph.
   *
   * @param observations - N arrays of `observationSpace.size` numbers, or all N one after the other in one array.
   * @returns int32 `[N]` for a discrete space, `[N, actionSpace.size]` for several choices, float32 for a box, row-major.
   * @throws As {@link act}.
   */
  async actBatch(observations: Observations): Promise<ActionsOf<A>> {
    return (await this.outputs(observations)).action as ActionsOf<A>;
  }

  /**
   * Everything that the graph gives for N observations: the distribution's parameters by name, and `action`.
   *
   * @param observations - As for {@link actBatch}.
   * @returns For each output its rows, one after the other.
   * @throws As {@link act}.
   */
  async outputs(observations: Observations): Promise<PolicyOutputs> {
    return this.#run(batchOf(observations, this.observationSpace.size));
  }

  /** Frees what ONNX Runtime holds. Calling it again does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#session.release();
  }

  async #run({ data, count }: Batch): Promise<PolicyOutputs> {
    if (this.#closed) throw new StateError("OnnxPolicy: expected a policy that is open, got one that was closed");
    const observation = new this.#runtime.Tensor("float32", data, [count, this.observationSpace.size]);
    return runSession(this.#session, observation);
  }
}

function requireRuntime(runtime: Partial<OnnxRuntime>): OnnxRuntime {
  const { InferenceSession, Tensor } = runtime;
  if (InferenceSession !== undefined && Tensor !== undefined) return { InferenceSession, Tensor };
  throw new OptionError(expectation("runtime", "the module onnxruntime-node or onnxruntime-web", runtime));
}

function requireFit<A extends Space>(source: string, metadata: PolicyMetadata, env: EnvironmentSource<A>): void {
  const environment = makeEnvironment(seenAs(env, metadata.observationSpace));
  const { observationSpace, actionSpace } = environment;
  environment.close();
  if (metadata.observationSpace.size !== observationSpace.size) {
    throw new ShapeError(
      `${source}: expected a policy for observations of length ${observationSpace.size}, got one for length ${metadata.observationSpace.size}`,
    );
  }
  if (metadata.actionSpace.equals(actionSpace)) return;
  throw new ShapeError(
    `${source}: expected a policy for the actions ${JSON.stringify(actionSpace)}, got one for ${JSON.stringify(metadata.actionSpace)}`,
  );
}
