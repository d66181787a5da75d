import type { ExportableDistribution, ExportablePolicy } from "../policy/exportable-policy.js";
import { valuesOf } from "../policy/policy-expressions.js";
import type { PolicyExpressions } from "../policy/policy-expressions.js";
import { elementTypes } from "../protobuf/fields.js";
import type { TensorProto } from "../protobuf/messages.js";
import { decodeModel } from "../protobuf/model-bytes.js";
import type { FileBytes } from "../runtime/read-file.js";
import { largestDifference } from "./difference.js";

/** A weight that is not the same in the file as in the policy. */
export interface WeightDifference {
  /** Name of the variable. */
  readonly variable: string;
  /** Position of the weight in it, row-major. */
  readonly index: number;
  readonly policy: number;
  readonly file: number;
  /** |file − policy| / |policy|. */
  readonly relative: number;
}

/** How the weights in a file compare with those of a policy. */
export interface WeightComparison {
  /** How many weights were compared. */
  readonly compared: number;
  /** Variables that the file has under no such name: another tool may have merged or renamed them. */
  readonly missing: readonly string[];
  /** The largest difference, if there is one. */
  readonly different?: WeightDifference;
}

/**
 * Compares the constants of a file with the variables of a policy, bit for bit: export copies them, so any difference
 * means that the file holds another policy, even where its effect drowns in float32's rounding.
 */
export function compareWeights(
  { store }: ExportablePolicy,
  { variables }: PolicyExpressions<ExportableDistribution>,
  { source, bytes }: FileBytes,
): WeightComparison {
  const constants = new Map(decodeModel(source, bytes).graph.initializer.map((tensor) => [tensor.name, tensor]));
  const missing: string[] = [];
  let compared = 0;
  let different: WeightDifference | undefined;
  for (const variable of variables) {
    const expected = valuesOf(variable, store);
    const actual = valuesIn(constants.get(variable.name));
    if (actual === undefined || actual.length !== expected.length) {
      missing.push(variable.name);
      continue;
    }
    compared += expected.length;
    const { relative, index } = largestDifference(expected, actual, Array.from(expected, Math.abs));
    if (relative <= (different?.relative ?? 0)) continue;
    different = { variable: variable.name, index, policy: expected[index], file: actual[index], relative };
  }
  return { compared, missing, ...(different && { different }) };
}

/** The numbers of a float32 or int32 constant; undefined where there is none, or it is stored in another way. */
function valuesIn(tensor: TensorProto | undefined): readonly number[] | undefined {
  if (tensor === undefined || tensor.rawData.length % 4 !== 0) return undefined;
  const { rawData, floatData, dataType } = tensor;
  if (floatData.length > 0) return floatData;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  const offsets = Array.from({ length: rawData.length / 4 }, (_, index) => 4 * index);
  if (dataType === elementTypes.float32) return offsets.map((offset) => view.getFloat32(offset, true));
  if (dataType === elementTypes.int32) return offsets.map((offset) => view.getInt32(offset, true));
  return undefined;
}
