import { input, rootsOf, simplify, substitute, topologicalOrder } from "@uphill/autodiff";
import type { Graph, Tensor } from "@uphill/autodiff";
import { columnSumsAsProducts, isSmall, neededByProducts, substituteInGraph } from "./products.js";
import { indexUsesOf } from "./index-uses.js";
import type { IndexUse } from "./index-uses.js";

/** A program in two parts: what matrix products need, products included, and the rest, which is fed their results. */
export interface SplitProgram {
  /** The first part as expressions of inputs of its own, by the names that its graph gives them. */
  readonly products: {
    readonly inputs: Readonly<Record<string, Tensor>>;
    readonly outputs: Readonly<Record<string, Tensor>>;
  };
  /** By the names of its inputs, what each is fed: an input, a variable or a size of the program. */
  readonly sources: ReadonlyMap<string, Tensor>;
  /** By the names of its outputs, the input of the rest that each is fed to. */
  readonly results: ReadonlyMap<string, Tensor>;
  /** Where it addresses elements: by inputs, variables or constants of the program, or inputs of the rest. */
  readonly indexUses: readonly IndexUse[];
  /** The second part: outputs, guards and updates. */
  readonly rest: Graph;
}

/**
 * Splits a program at its matrix products. All that a product depends on is in the first part: forward and backward
 * passes of networks. Losses, norms, optimisers and moving averages are in the second, which computes small
 * intermediates again: that costs less than their way from one part to the other.
 */
export function splitProgram(given: Graph): SplitProgram {
  const graph = columnSumsAsProducts(simplify(given));
  const needed = neededByProducts(graph.order);
  const uses = indexUsesOf(needed);
  const crossings = crossingsOf(graph, needed, new Set(uses.map(({ indices }) => indices)));
  const fed = new Map(crossings.map((tensor, k) => [tensor, input(`result${k}`, tensor.shape, tensor.dtype)]));
  const rest = substituteInGraph(graph, fed);
  const sources = sourcesOf(graph, crossings);
  const stands = new Map(sources.map((leaf, k) => [leaf, input(`source${k}`, leaf.shape, leaf.dtype)]));
  return {
    products: { inputs: byName(stands.values()), outputs: byNameOf(fed, substitute(crossings, stands)) },
    sources: new Map(sources.map((leaf) => [stands.get(leaf)!.name!, leaf])),
    results: new Map([...fed.values()].map((tensor) => [tensor.name!, tensor])),
    indexUses: uses.map((use) => ({ ...use, indices: fed.get(use.indices) ?? use.indices })),
    rest: { ...rest, inputs: new Map([...rest.inputs, ...[...fed.values()].map((tensor) => [tensor.name!, tensor] as const)]) },
  };
}

/** What the first part computes and the second reads; indices too, which are to be checked. */
function crossingsOf(graph: Graph, needed: ReadonlySet<Tensor>, indices: ReadonlySet<Tensor>): Tensor[] {
  const { order, outputs, updates } = graph;
  const read = new Set<Tensor>([...rootsOf(outputs.values(), updates), ...indices]);
  const again = computedAgain(order, needed, indices);
  for (const tensor of order.toReversed()) {
    const isOfRest = !needed.has(tensor) || (read.has(tensor) && again.has(tensor));
    if (isOfRest) for (const source of tensor.inputs) read.add(source);
  }
  return order.filter((tensor) => read.has(tensor) && needed.has(tensor) && !again.has(tensor));
}

/** What of the first part the second has by itself: leaves, what they give without products, and what is small. */
function computedAgain(order: readonly Tensor[], needed: ReadonlySet<Tensor>, indices: ReadonlySet<Tensor>): ReadonlySet<Tensor> {
  const again = new Set<Tensor>();
  for (const tensor of order) {
    const { primitive, inputs } = tensor;
    if (!needed.has(tensor) || primitive === "matmul" || (indices.has(tensor) && inputs.length > 0)) continue;
    if (inputs.every((source) => again.has(source) || isSmall(source))) again.add(tensor);
  }
  return again;
}

/** What a run feeds the first part: its leaves but constants, and inputs that tell the lengths of its dimensions. */
function sourcesOf({ inputs }: Graph, crossings: readonly Tensor[]): Tensor[] {
  const order = topologicalOrder(crossings);
  const leaves = order.filter(({ inputs: operands, primitive }) => operands.length === 0 && primitive !== "constant");
  const told = new Set(leaves.flatMap(({ shape }) => shape));
  const open = new Set(order.flatMap(({ shape }) => shape).filter((length) => typeof length === "string" && !told.has(length)));
  const tellers = [...inputs.values()].filter(({ shape }) => shape.some((length) => open.has(length)));
  return [...leaves, ...tellers];
}

function byName(tensors: Iterable<Tensor>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries([...tensors].map((tensor) => [tensor.name!, tensor]));
}

function byNameOf(fed: ReadonlyMap<Tensor, Tensor>, expressions: readonly Tensor[]): Readonly<Record<string, Tensor>> {
  return Object.fromEntries([...fed.values()].map((tensor, k) => [tensor.name!, expressions[k]]));
}
