import { OptionError, requireObject, StateError } from "@uphill/core-math";
import type { NumericArray } from "./backend.js";
import { compile, recordToMap } from "./compile.js";
import { dependents, topologicalOrder } from "./graph.js";
import { input } from "./leaves.js";
import type { PrimitiveName } from "./primitives/primitive.js";
import type { Feeds, Program, TensorRecord } from "./program.js";
import { simplify } from "./simplify.js";
import type { Store } from "./store.js";
import { substitute } from "./substitute.js";
import type { Tensor } from "./tensor.js";

/** What {@link compileStaged} makes a program from. */
export interface StagedProgramOptions<
  Held extends TensorRecord,
  Inputs extends TensorRecord,
  Outputs extends TensorRecord,
> {
  /** What is fed once and held. */
  readonly held: Held;
  /** What each run is fed. */
  readonly inputs: Inputs;
  /** What each run gives back. */
  readonly outputs: Outputs;
  /** Owner of the variables. */
  readonly store?: Store;
}

/**
 * Makes a program of two stages: what does not depend on `inputs`, such as a forward pass, is computed when `held` is fed,
 * and is kept for all runs until it is fed anew. Variables must not change in between.
 *
 * @returns The program: {@link StagedProgram.hold}, and then runs.
 * @throws OptionError as {@link compile}, and for a name that is both held and fed anew.
 */
export function compileStaged<Held extends TensorRecord, Inputs extends TensorRecord, Outputs extends TensorRecord>(
  options: StagedProgramOptions<Held, Inputs, Outputs>,
): StagedProgram<Held, Inputs, Outputs> {
  requireObject("compileStaged options", options);
  const { held, inputs, outputs, store } = options;
  for (const name of ["held", "inputs", "outputs"] as const) recordToMap(name, requireObject(name, options[name]) as TensorRecord);
  const twice = Object.keys(inputs).find((name) => name in held);
  if (twice !== undefined) throw new OptionError(`inputs.${twice}: expected a name that held has not, got one that it has`);
  const names = Object.keys(outputs);
  const results = inFewerSteps(outputs);
  const parts = partsToKeep(results, Object.values(inputs));
  const fed = new Map(parts.map((part, k) => [part, input(`kept/${k}`, part.shape, part.dtype)]));
  const rest = substitute(results, fed);
  const kept = Object.fromEntries(parts.map((part) => [fed.get(part)!.name!, part]));
  const first = compile({ inputs: held, outputs: kept, ...(store && { store }) });
  const second = compile({
    inputs: { ...inputs, ...Object.fromEntries([...fed.values()].map((tensor) => [tensor.name!, tensor])) },
    outputs: Object.fromEntries(names.map((name, k) => [name, rest[k]])) as TensorRecord as Outputs,
    store: first.store,
  });
  return new StagedProgram(first, second, Object.keys(kept));
}

/** A program of two stages. Made by {@link compileStaged}. */
export class StagedProgram<
  Held extends TensorRecord = TensorRecord,
  Inputs extends TensorRecord = TensorRecord,
  Outputs extends TensorRecord = TensorRecord,
> {
  readonly #kept: readonly string[];
  /** What the second stage is still to be fed; empty where it has it, undefined before {@link hold}. */
  #waiting: Readonly<Record<string, NumericArray>> | undefined;
  #hasRun = false;

  /** @internal */
  constructor(
    /** What {@link hold} runs. */
    readonly first: Program<Held>,
    /** What {@link execute} runs; beside the inputs it is fed what is kept. */
    readonly second: Program<Inputs, Outputs>,
    kept: readonly string[],
  ) {
    this.#kept = kept;
  }

  /** Computes and keeps what does not change from run to run. Throws as {@link Program.run}. */
  hold(feeds: Feeds<Held>): void {
    const { first, second } = this;
    first.execute(feeds);
    const fits = (name: string): boolean => second.inputView(name).length === first.view(name).length;
    if (this.#hasRun && this.#kept.every(fits)) {
      for (const name of this.#kept) second.inputView(name).set(first.view(name));
      this.#waiting = {};
    } else {
      // Copies: memory that grows as the second stage takes other lengths would detach views of the first.
      this.#waiting = Object.fromEntries(this.#kept.map((name) => [name, first.view(name).slice()]));
    }
  }

  /**
   * Runs the rest once; read the outputs by {@link scalar} and {@link view}. Throws as {@link Program.run}.
   *
   * @throws StateError before {@link hold}.
   */
  execute(feeds: Feeds<Inputs>): void {
    const waiting = this.#waiting;
    if (waiting === undefined) throw new StateError("staged program: expected hold() before the first run, got none");
    const all: Record<string, NumericArray | Feeds<Inputs>[string]> = { ...feeds };
    for (const name of this.#kept) all[name] = waiting[name] ?? this.second.inputView(name);
    this.second.execute(all as Feeds<Inputs>);
    this.#waiting = {};
    this.#hasRun = true;
  }

  /** As {@link Program.scalar}. */
  scalar(name: keyof Outputs & string): number {
    return this.second.scalar(name);
  }

  /** As {@link Program.view}. */
  view(name: keyof Outputs & string): NumericArray {
    return this.second.view(name);
  }
}

function inFewerSteps(outputs: TensorRecord): Tensor[] {
  const graph = { inputs: new Map(), outputs: new Map(Object.entries(outputs)), updates: [] };
  return [...simplify({ ...graph, order: topologicalOrder(Object.values(outputs)) }).outputs.values()];
}

/** What costs nothing to have again. */
const free: ReadonlySet<PrimitiveName> = new Set(["variable", "constant", "size", "broadcast", "reshape"]);

/** What does not depend on inputs that change, but is read by what does. */
function partsToKeep(results: readonly Tensor[], changing: readonly Tensor[]): Tensor[] {
  const order = topologicalOrder(results);
  const moving = dependents(order, changing);
  const read = new Set(results.filter((result) => !moving.has(result)));
  for (const tensor of order.toReversed()) {
    if (moving.has(tensor) || (read.has(tensor) && free.has(tensor.primitive))) {
      for (const source of tensor.inputs) if (!moving.has(source)) read.add(source);
    }
  }
  return order.filter((tensor) => read.has(tensor) && !free.has(tensor.primitive));
}
