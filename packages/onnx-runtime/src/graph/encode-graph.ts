import { encodeModel } from "../protobuf/model-bytes.js";
import { graphProto } from "./graph-proto.js";
import type { Graph } from "./graph-proto.js";

/**
 * Version of ONNX's operators. From 18 on every reduction takes its axes as an input, so that one rule lowers them all;
 * nothing that has come since is needed, and the older the version, the more runtimes read the file.
 */
const OPSET = 18n;

/** Version of the file's own layout: the one that came with that version of the operators. */
const IR_VERSION = 8n;

/** One entry of a model's metadata. */
export interface MetadataEntry {
  readonly key: string;
  readonly value: string;
}

/** A graph as the bytes of an ONNX file. The same graph and metadata always give the same bytes. */
export function encodeGraph(graph: Graph, metadata: readonly MetadataEntry[] = []): Uint8Array<ArrayBuffer> {
  return encodeModel({
    irVersion: IR_VERSION,
    producerName: "uphill",
    opsetImport: [{ domain: "", version: OPSET }],
    graph: graphProto(graph),
    metadataProps: [...metadata],
  });
}
