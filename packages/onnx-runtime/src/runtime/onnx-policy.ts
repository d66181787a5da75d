import { FormatError, StateError } from "@uphill/core-math";
import type { Box, Space } from "@uphill/envs";
import { readMetadata } from "../policy/metadata.js";
import type { PolicyMetadata } from "../policy/metadata.js";
import { decodeModel } from "../protobuf/model-bytes.js";
import { batchOf, batchOfOne } from "./batch.js";
import type { Batch, Observations } from "./batch.js";
import { nodeRuntime } from "./node-runtime.js";
import type { OnnxRuntime, OnnxSession } from "./onnx-runtime.js";
import { readFile } from "./read-file.js";

/** What {@link OnnxPolicy.load} takes beside the file. */
export interface LoadOptions {
  /** What runs the file: the module `onnxruntime-node` or `onnxruntime-web`. The former where left out. */
  readonly runtime?: OnnxRuntime;
}

/** What a policy's graph gives for a batch of N observations, by name; row-major, N rows each. */
export type PolicyOutputs = Readonly<Record<string, Float32Array | Int32Array>>;

/**
 * A policy that lives in an ONNX file alone: nothing of what trained it is needed to run it.
 *
 * @example
 * const policy = await OnnxPolicy.load("cartpole.onnx");
 * const action = await policy.act([0.01, -0.02, 0.03, 0.04]);
 */
export class OnnxPolicy {
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
   *   model without Uphill's metadata; OptionError where onnxruntime-node is needed and not installed.
   */
  static async load(file: string | Uint8Array, options: LoadOptions = {}): Promise<OnnxPolicy> {
    const { source, bytes } = await readFile(file);
    const metadata = readMetadata(source, decodeModel(source, bytes));
    const runtime = options.runtime ?? (await nodeRuntime());
    const session = await createSession(source, bytes, runtime);
    requireNames(source, session);
    return new OnnxPolicy(runtime, session, metadata);
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
  get actionSpace(): Space {
    return this.#metadata.actionSpace;
  }

  /**
   * The action for one observation.
   *
   * @param observation - `observationSpace.size` finite numbers.
   * @returns A number in [0, n) for a discrete space; for a box, float32 `[actionSpace.size]` within its bounds.
   * @throws ShapeError for a wrong length; NumericalError for NaN or an infinity; StateError after {@link close}.
   */
  async act(observation: ArrayLike<number>): Promise<number | Float32Array> {
    const { action } = await this.#run(batchOfOne(observation, this.observationSpace.size));
    return action instanceof Float32Array ? action : action[0];
  }

  /**
   * The actions for N observations, by one run of the graph.
   *
   * @param observations - N arrays of `observationSpace.size` numbers, or all N one after the other in one array.
   * @returns int32 `[N]` for a discrete space, float32 `[N, actionSpace.size]` for a box, row-major.
   * @throws As {@link act}.
   */
  async actBatch(observations: Observations): Promise<Float32Array | Int32Array> {
    return (await this.outputs(observations)).action;
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
    const results = await this.#session.run({ observation });
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array | Int32Array]));
  }
}

async function createSession(source: string, bytes: Uint8Array, runtime: OnnxRuntime): Promise<OnnxSession> {
  try {
    // A policy's matrices are small: handing them to other threads costs more than it saves.
    return await runtime.InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FormatError(`${source}: expected a model that ONNX Runtime loads, got ${reason}`, { cause });
  }
}

function requireNames(source: string, { inputNames, outputNames }: OnnxSession): void {
  if (inputNames.join() === "observation" && outputNames.includes("action")) return;
  throw new FormatError(
    `${source}: expected the input "observation" and an output "action", got inputs ${inputNames.join(", ")} and outputs ${outputNames.join(", ")}`,
  );
}
