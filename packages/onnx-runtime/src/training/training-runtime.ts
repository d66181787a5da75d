/** A tensor of ONNX Runtime over memory that JavaScript owns. */
export interface TrainingTensor {
  readonly dims: readonly number[];
}

/** A session of ONNX Runtime that writes its outputs where it is told. */
export interface TrainingSession {
  run(
    feeds: Readonly<Record<string, TrainingTensor>>,
    fetches: Readonly<Record<string, TrainingTensor>>,
  ): Promise<unknown>;
}

/** The part of the module `onnxruntime-node` that training needs. */
export interface TrainingRuntime {
  readonly InferenceSession: {
    create(bytes: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<TrainingSession>;
  };
  readonly Tensor: {
    new (type: "float32", data: Float32Array, dims: readonly number[]): TrainingTensor;
    new (type: "int32", data: Int32Array, dims: readonly number[]): TrainingTensor;
  };
}
