import { expectation, FormatError, StateError } from "@uphill/core-math";
import type { OnnxRuntime, OnnxSession, OnnxTensor } from "./onnx-runtime.js";

/** What a policy's graph gives for a batch of N observations, by name; row-major, N rows each. */
export type PolicyOutputs = Readonly<Record<string, Float32Array | Int32Array>>;

/** A policy's matrices are small: handing them to other threads costs more than it saves. What goes wrong is thrown. */
const sessionOptions = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;

/**
 * A policy's graph, ready to run.
 *
 * @param source - The file's name, for messages.
 * @throws FormatError where ONNX Runtime refuses the model, or it has no policy's input and output.
 */
export async function openSession(source: string, bytes: Uint8Array, runtime: OnnxRuntime): Promise<OnnxSession> {
  const session = await runtime.InferenceSession.create(bytes, sessionOptions).catch((cause: unknown) => {
    throw new FormatError(`${source}: expected a model that ONNX Runtime loads, got ${firstLine(cause)}`, { cause });
  });
  const { inputNames, outputNames } = session;
  if (inputNames.join() === "observation" && outputNames.includes("action")) return session;
  await session.release();
  throw new FormatError(
    `${source}: expected the input "observation" and an output "action", got inputs ${inputNames.join(", ")} and outputs ${outputNames.join(", ")}`,
  );
}

/**
 * Everything that a policy's graph gives for a batch.
 *
 * @throws StateError where the graph fails; FormatError for an output that is neither float32 nor int32.
 */
export async function runSession(session: OnnxSession, observation: OnnxTensor): Promise<PolicyOutputs> {
  const results = await session.run({ observation }).catch((cause: unknown) => {
    throw new StateError(`OnnxPolicy: expected the graph to run, got ${firstLine(cause)}`, { cause });
  });
  return Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, requireNumbers(name, data)]));
}

function requireNumbers(output: string, data: unknown): Float32Array | Int32Array {
  if (data instanceof Float32Array || data instanceof Int32Array) return data;
  throw new FormatError(expectation(`output "${output}"`, "float32 or int32 numbers", data));
}

/** The first line of what ONNX Runtime threw: some of its messages go on with stack traces of its own. */
function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n", 1)[0];
}
