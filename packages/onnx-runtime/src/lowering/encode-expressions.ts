import type { Store, Tensor } from "@uphill/autodiff";
import { encodeGraph } from "../graph/encode-graph.js";
import { lower } from "./lower.js";

/** What {@link encodeExpressions} takes. */
export interface EncodableExpressions {
  /** What the graph is fed, by the names that it gets there. */
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** What the graph gives, by name: any expressions, gradients too. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  /** Where variables have their values, which become the graph's constants; without it they have their initial ones. */
  readonly store?: Store;
}

/**
 * Expressions as the bytes of an ONNX file: one graph from inputs to outputs.
 *
 * Dimensions known only at run time keep their names. The same expressions always give the same bytes.
 *
 * @param expressions - See {@link EncodableExpressions}.
 * @returns The whole file.
 * @throws OptionError where an output depends on an input that is not listed; ShapeError where no input tells the length
 *   of a named dimension.
 */
export function encodeExpressions(expressions: EncodableExpressions): Uint8Array<ArrayBuffer> {
  return encodeGraph({ name: "expressions", ...lower(expressions) });
}
