import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { FormatError } from "@uphill/core-math";
import type { GraphProto, ModelProto } from "./messages.js";
import { modelSchema } from "./schema.js";

/** A model as it is written down: fields that are left out are absent from the file. */
export type ModelInit = MessageInitShape<typeof modelSchema>;

/** A model that has a graph, as every ONNX file does. */
export type Model = ModelProto & { readonly graph: GraphProto };

/**
 * The bytes of an ONNX file. The same model always gives the same bytes.
 *
 * @param model - The model.
 * @returns Protobuf bytes.
 */
export function encodeModel(model: ModelInit): Uint8Array<ArrayBuffer> {
  return toBinary(modelSchema, create(modelSchema, model));
}

/**
 * The model in the bytes of an ONNX file.
 *
 * @param source - What the bytes came from, for the message: a path, or the argument's name.
 * @param bytes - The whole file.
 * @throws FormatError where the bytes are empty, truncated, or not an ONNX model.
 */
export function decodeModel(source: string, bytes: Uint8Array): Model {
  let model: ModelProto;
  try {
    model = fromBinary(modelSchema, bytes);
  } catch (cause) {
    throw new FormatError(`${source}: expected an ONNX model, got ${bytes.length} bytes that are damaged or truncated`, {
      cause,
    });
  }
  if (!hasGraph(model)) {
    throw new FormatError(`${source}: expected an ONNX model, got ${bytes.length} bytes without a graph`);
  }
  return model;
}

function hasGraph(model: ModelProto): model is Model {
  return model.irVersion > 0n && model.graph !== undefined && model.graph.output.length > 0;
}
