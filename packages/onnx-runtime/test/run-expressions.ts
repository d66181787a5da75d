import { InferenceSession, Tensor as OnnxTensor } from "onnxruntime-node";
import type { Store, Tensor } from "@uphill/autodiff";
import { encodeExpressions } from "../src/lowering/encode-expressions.js";

/** What an input is fed: its numbers, row-major, and the lengths of its axes in this run. */
export interface Fed {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** What an output came out as. */
export interface Given {
  readonly data: Float32Array | Int32Array;
  readonly dims: readonly number[];
}

/** The bytes of a model that computes expressions of the inputs. */
export function modelOf(
  inputs: Readonly<Record<string, Tensor>>,
  outputs: Readonly<Record<string, Tensor>>,
  store?: Store,
): Uint8Array {
  return encodeExpressions({ inputs, outputs, ...(store && { store }) });
}

/** The outputs of a model as ONNX Runtime computes them. */
export async function runModel(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, Fed>>,
): Promise<Record<string, Given>> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const tensors = Object.fromEntries(
    Object.entries(feeds).map(([name, { data, shape }]) => [
      name,
      data instanceof Int32Array ? new OnnxTensor("int32", data, shape) : new OnnxTensor("float32", data, shape),
    ]),
  );
  const results = await session.run(tensors);
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [name, { data: data as Float32Array | Int32Array, dims }]),
  );
}
