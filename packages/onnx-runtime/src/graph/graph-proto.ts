import type { MessageInitShape } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import type { GraphProto } from "../protobuf/messages.js";
import { inOrder } from "./order.js";
import { nodeProto, tensorProto, valueInfoProto } from "./protos.js";
import { node } from "./value.js";
import type { GraphInput, Node, Value } from "./value.js";

/** A graph by what goes in and what comes out, each under the name that the world knows it by. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly GraphInput[];
  readonly outputs: Readonly<Record<string, Value>>;
}

/**
 * The graph as ONNX writes it. Only what the outputs need is in it, and names are settled in the order of the nodes, so
 * the same graph always gives the same message.
 */
export function graphProto({ name, inputs, outputs }: Graph): MessageInitShape<GenMessage<GraphProto>> {
  const results = resultNodes(outputs);
  const order = inOrder([...results.values()]);
  const constants = order.filter((value) => value.kind === "initializer");
  const nodes = order.filter((value) => value.kind === "node");
  const names = uniqueNames([
    ...inputs.map((value) => [value, value.name] as const),
    ...[...results].map(([output, value]) => [value, output] as const),
    ...[...constants, ...nodes].map((value) => [value, value.name] as const),
  ]);
  const isResult = new Set<Value>(results.values());
  return {
    name,
    node: nodes.map((value) => nodeProto(value, names)),
    initializer: constants.map((value) => tensorProto(value, names)),
    input: inputs.map((value) => valueInfoProto(value, names)),
    output: [...results.values()].map((value) => valueInfoProto(value, names)),
    valueInfo: nodes.filter((value) => !isResult.has(value)).map((value) => valueInfoProto(value, names)),
  };
}

/** A node for each output. A value has one name, so a second output of it, an input or a constant goes through Identity. */
function resultNodes(outputs: Readonly<Record<string, Value>>): Map<string, Node> {
  const results = new Map<string, Node>();
  const used = new Set<Value>();
  for (const [output, value] of Object.entries(outputs)) {
    const free = value.kind === "node" && !used.has(value);
    results.set(output, free ? value : node("Identity", [value], value.type));
    used.add(value);
  }
  return results;
}

/** One name for each value: the first to want it gets it, the next gets a number behind it. */
function uniqueNames(wanted: readonly (readonly [Value, string])[]): Map<Value, string> {
  const names = new Map<Value, string>();
  const taken = new Set<string>();
  const counts = new Map<string, number>();
  for (const [value, hint] of wanted) {
    if (names.has(value)) continue;
    let name = hint;
    let count = counts.get(hint) ?? 1;
    while (taken.has(name)) name = `${hint}_${++count}`;
    counts.set(hint, count);
    taken.add(name);
    names.set(value, name);
  }
  return names;
}
