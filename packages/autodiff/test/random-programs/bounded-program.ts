import { topologicalOrder, Variable } from "../../src/index.js";
import type { Tensor } from "../../src/index.js";
import { rootsOf } from "../../src/backend.js";
import type { PrimitiveName } from "../../src/primitives/primitive.js";
import { concreteShape } from "../../src/shape.js";
import type { Bindings } from "../../src/shape.js";
import type { Update } from "../../src/update.js";
import { exactValues } from "./bounded.js";
import type { Analysed, Bounded } from "./bounded.js";
import { rules } from "./rules.js";

/** Numbers by the names of inputs, row-major. */
export type ProgramFeeds = Readonly<Record<string, readonly number[]>>;

/** What is compiled. */
export interface ProgramParts {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly updates: readonly Update[];
}

/**
 * A program in float64, with a running bound on what float32 may make of it: each tensor's bound follows from its inputs'
 * and from the primitive's own rounding. Variables keep their values and bounds from run to run.
 */
export class BoundedProgram {
  readonly #order: readonly Tensor[];
  readonly #parts: ProgramParts;
  readonly #state = new Map<Tensor, Bounded>();

  constructor(parts: ProgramParts) {
    this.#parts = parts;
    this.#order = topologicalOrder(rootsOf(Object.values(parts.outputs), parts.updates));
  }

  /** Runs once: the outputs, then the variables' next values by `next/` and their names. */
  run(feeds: ProgramFeeds, bindings: Bindings): ReadonlyMap<string, Bounded> {
    const run = new Map<Tensor, Bounded>();
    for (const tensor of this.#order) run.set(tensor, this.#bounded(tensor, run, { feeds, bindings }));
    const results = new Map(Object.entries(this.#parts.outputs).map(([name, tensor]) => [name, run.get(tensor)!]));
    for (const { variable, value } of this.#parts.updates) {
      this.#state.set(variable, run.get(value)!);
      results.set(`next/${variable.name}`, run.get(value)!);
    }
    return results;
  }

  #bounded(
    node: Tensor,
    run: ReadonlyMap<Tensor, Bounded>,
    { feeds, bindings }: { readonly feeds: ProgramFeeds; readonly bindings: Bindings },
  ): Bounded {
    const state = this.#state.get(node);
    if (state !== undefined) return state;
    const inputs = node.inputs.map((source) => run.get(source)!);
    const given = node instanceof Variable ? node.initial : node.primitive === "input" ? feeds[node.name!] : undefined;
    const values =
      given === undefined
        ? exactValues(node, inputs, bindings)
        : {
            data: node.dtype === "int32" ? Int32Array.from(given) : Float64Array.from(given),
            shape: concreteShape(node.shape, bindings),
          };
    // Sound: a tensor's attributes, and so its rule, are those of its own primitive.
    const rule = rules[node.primitive] as (analysed: Analysed<PrimitiveName>) => Float64Array;
    return { values, errors: rule({ node, inputs, values, bindings, run }) };
  }
}

