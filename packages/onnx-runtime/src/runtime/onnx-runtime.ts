/** A tensor as ONNX Runtime takes and gives it: numbers, row-major, and the lengths of its axes. */
export interface OnnxTensor {
  readonly data: unknown;
  readonly dims: readonly number[];
}

/** A loaded model of ONNX Runtime: the part of its `InferenceSession` that running a policy needs. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  release(): Promise<void>;
}

/**
 * ONNX Runtime as its JavaScript packages export it: the modules `onnxruntime-node` and `onnxruntime-web` are each one.
 */
export interface OnnxRuntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options?: Readonly<Record<string, unknown>>): Promise<OnnxSession>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OnnxTensor;
}
