import type { Message, MessageInitShape } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import { attributeTypes, elementTypes } from "../protobuf/fields.js";
import type { AttributeProto, NodeProto, TensorProto, ValueInfoProto } from "../protobuf/messages.js";
import type { Attributes, Initializer, Node, Value } from "./value.js";

type Init<M extends Message> = MessageInitShape<GenMessage<M>>;

type NameOf = ReadonlyMap<Value, string>;

/** A node as ONNX writes it, named like its result. */
export function nodeProto(node: Node, names: NameOf): Init<NodeProto> {
  const name = names.get(node)!;
  return {
    input: node.inputs.map((input) => names.get(input)!),
    output: [name],
    name,
    opType: node.operator,
    attribute: Object.entries(node.attributes).map(([key, value]) => attributeProto(key, value)),
  };
}

function attributeProto(name: string, value: Attributes[string]): Init<AttributeProto> {
  if (typeof value === "number") return { name, type: attributeTypes.int, i: BigInt(value) };
  if (typeof value === "string") return { name, type: attributeTypes.string, s: new TextEncoder().encode(value) };
  if ("float" in value) return { name, type: attributeTypes.float, f: value.float };
  return { name, type: attributeTypes.ints, ints: value.map(BigInt) };
}

/** A constant as ONNX writes it, its numbers as little-endian bytes. */
export function tensorProto(constant: Initializer, names: NameOf): Init<TensorProto> {
  const { elementType, shape } = constant.type;
  return {
    dims: shape.map(BigInt),
    dataType: elementTypes[elementType],
    name: names.get(constant)!,
    rawData: littleEndian(constant.data),
  };
}

/** Name and type of a value as ONNX writes them. */
export function valueInfoProto(value: Value, names: NameOf): Init<ValueInfoProto> {
  const { elementType, shape } = value.type;
  const dim = shape.map((dimension) => ({
    value:
      typeof dimension === "number"
        ? { case: "dimValue" as const, value: BigInt(dimension) }
        : { case: "dimParam" as const, value: dimension },
  }));
  return {
    name: names.get(value)!,
    type: { value: { case: "tensorType", value: { elemType: elementTypes[elementType], shape: { dim } } } },
  };
}

function littleEndian(data: Initializer["data"]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.byteLength);
  const view = new DataView(bytes.buffer);
  const size = data.BYTES_PER_ELEMENT;
  data.forEach((value: number | bigint, index: number) => {
    if (typeof value === "bigint") view.setBigInt64(index * size, value, true);
    else if (data instanceof Float32Array) view.setFloat32(index * size, value, true);
    else view.setInt32(index * size, value, true);
  });
  return bytes;
}
