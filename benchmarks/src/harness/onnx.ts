import { encodeExpressions } from "@uphill/onnx-runtime";
import type { EncodableExpressions } from "@uphill/onnx-runtime";
import { InferenceSession, Tensor as OnnxTensor } from "onnxruntime-node";
import { awaited } from "./contender.js";
import type { Contender } from "./contender.js";

/** Numbers, row-major, and the lengths of their axes. */
export interface ShapedFeed {
  readonly data: Float32Array | Int32Array;
  readonly shape: readonly number[];
}

/** Expressions, and what their inputs are fed. */
export interface FedExpressions extends EncodableExpressions {
  readonly feeds: Readonly<Record<string, ShapedFeed>>;
}

/** The same expressions, run by onnxruntime-node on one thread, all of its outputs read. */
export async function onnxContender(name: string, { feeds, ...expressions }: FedExpressions): Promise<Contender> {
  const session = await InferenceSession.create(encodeExpressions(expressions), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
  const tensors = Object.fromEntries(
    Object.entries(feeds).map(([input, { data, shape }]) => [
      input,
      data instanceof Int32Array ? new OnnxTensor("int32", data, shape) : new OnnxTensor("float32", data, shape),
    ]),
  );
  return { ...awaited(name, () => session.run(tensors)), close: () => session.release() };
}
