/** How a field stands on the wire: a scalar type, or the name of another message below. */
export type FieldType = "bytes" | "float" | "int32" | "int64" | "string" | MessageName;

/** The messages of ONNX that a policy's file is made of; a dot marks a message declared inside another. */
export type MessageName =
  | "AttributeProto"
  | "GraphProto"
  | "ModelProto"
  | "NodeProto"
  | "OperatorSetIdProto"
  | "StringStringEntryProto"
  | "TensorProto"
  | "TensorShapeProto"
  | "TensorShapeProto.Dimension"
  | "TypeProto"
  | "TypeProto.Tensor"
  | "ValueInfoProto";

/** One field: its number in ONNX's schema, its type, and whether it repeats or shares the oneof named `value`. */
export interface Field {
  readonly number: number;
  readonly type: FieldType;
  readonly rule: "optional" | "repeated" | "oneof";
}

const one = (number: number, type: FieldType): Field => ({ number, type, rule: "optional" });
const many = (number: number, type: FieldType): Field => ({ number, type, rule: "repeated" });
const choice = (number: number, type: FieldType): Field => ({ number, type, rule: "oneof" });

/**
 * ONNX's field numbers, for the fields that Uphill writes or reads. Enumerations are plain int32 here, which is how
 * they travel. Whatever else a file holds is kept by the reader as unknown fields and ignored.
 */
export const fields: Readonly<Record<MessageName, Readonly<Record<string, Field>>>> = {
  ModelProto: {
    ir_version: one(1, "int64"),
    producer_name: one(2, "string"),
    graph: one(7, "GraphProto"),
    opset_import: many(8, "OperatorSetIdProto"),
    metadata_props: many(14, "StringStringEntryProto"),
  },
  OperatorSetIdProto: {
    domain: one(1, "string"),
    version: one(2, "int64"),
  },
  StringStringEntryProto: {
    key: one(1, "string"),
    value: one(2, "string"),
  },
  GraphProto: {
    node: many(1, "NodeProto"),
    name: one(2, "string"),
    initializer: many(5, "TensorProto"),
    input: many(11, "ValueInfoProto"),
    output: many(12, "ValueInfoProto"),
    value_info: many(13, "ValueInfoProto"),
  },
  NodeProto: {
    input: many(1, "string"),
    output: many(2, "string"),
    name: one(3, "string"),
    op_type: one(4, "string"),
    attribute: many(5, "AttributeProto"),
    domain: one(7, "string"),
  },
  AttributeProto: {
    name: one(1, "string"),
    f: one(2, "float"),
    i: one(3, "int64"),
    s: one(4, "bytes"),
    ints: many(8, "int64"),
    type: one(20, "int32"),
  },
  TensorProto: {
    dims: many(1, "int64"),
    data_type: one(2, "int32"),
    float_data: many(4, "float"),
    name: one(8, "string"),
    raw_data: one(9, "bytes"),
  },
  ValueInfoProto: {
    name: one(1, "string"),
    type: one(2, "TypeProto"),
  },
  TypeProto: {
    tensor_type: choice(1, "TypeProto.Tensor"),
  },
  "TypeProto.Tensor": {
    elem_type: one(1, "int32"),
    shape: one(2, "TensorShapeProto"),
  },
  TensorShapeProto: {
    dim: many(1, "TensorShapeProto.Dimension"),
  },
  "TensorShapeProto.Dimension": {
    dim_value: choice(1, "int64"),
    dim_param: choice(2, "string"),
  },
};

/** ONNX's numbers for element types (`TensorProto.DataType`). */
export const elementTypes = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;

/** Element type of a value in an ONNX graph. */
export type ElementType = keyof typeof elementTypes;

/** ONNX's numbers for the kinds of attribute (`AttributeProto.AttributeType`). */
export const attributeTypes = { float: 1, int: 2, string: 3, ints: 7 } as const;
