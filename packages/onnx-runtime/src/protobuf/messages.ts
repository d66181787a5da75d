import type { Message } from "@bufbuild/protobuf";

/** A model: the graph, the operators' version, and free text by key. */
export type ModelProto = Message<"onnx.ModelProto"> & {
  irVersion: bigint;
  producerName: string;
  graph?: GraphProto;
  opsetImport: OperatorSetIdProto[];
  metadataProps: StringStringEntryProto[];
};

/** A set of operators and its version; the empty domain is ONNX's own set. */
type OperatorSetIdProto = Message<"onnx.OperatorSetIdProto"> & {
  domain: string;
  version: bigint;
};

/** One entry of the metadata. */
type StringStringEntryProto = Message<"onnx.StringStringEntryProto"> & {
  key: string;
  value: string;
};

/** A graph: nodes in an order in which they can run, constants, inputs and outputs. */
export type GraphProto = Message<"onnx.GraphProto"> & {
  node: NodeProto[];
  name: string;
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
  valueInfo: ValueInfoProto[];
};

/** One application of an operator; inputs and outputs are values by name, an empty name is an input left out. */
export type NodeProto = Message<"onnx.NodeProto"> & {
  input: string[];
  output: string[];
  name: string;
  opType: string;
  attribute: AttributeProto[];
  domain: string;
};

/** An attribute of a node; `type` says which of the other fields holds it. */
export type AttributeProto = Message<"onnx.AttributeProto"> & {
  name: string;
  f: number;
  i: bigint;
  s: Uint8Array;
  ints: bigint[];
  type: number;
};

/** A constant: little-endian bytes, row-major. Uphill writes no other form; some tools write float32 as `floatData`. */
export type TensorProto = Message<"onnx.TensorProto"> & {
  dims: bigint[];
  dataType: number;
  floatData: number[];
  name: string;
  rawData: Uint8Array;
};

/** Name and type of a value. */
export type ValueInfoProto = Message<"onnx.ValueInfoProto"> & {
  name: string;
  type?: TypeProto;
};

/** A type; of the kinds that ONNX has, Uphill uses tensors only. */
type TypeProto = Message<"onnx.TypeProto"> & {
  value: { case: "tensorType"; value: TensorTypeProto } | { case: undefined; value?: undefined };
};

/** Element type and shape of a tensor. */
type TensorTypeProto = Message<"onnx.TypeProto.Tensor"> & {
  elemType: number;
  shape?: TensorShapeProto;
};

/** The dimensions of a tensor, outermost first. */
type TensorShapeProto = Message<"onnx.TensorShapeProto"> & {
  dim: DimensionProto[];
};

/** A dimension: its length, or a name. */
type DimensionProto = Message<"onnx.TensorShapeProto.Dimension"> & {
  value:
    | { case: "dimValue"; value: bigint }
    | { case: "dimParam"; value: string }
    | { case: undefined; value?: undefined };
};
