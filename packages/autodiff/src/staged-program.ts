import { OptionError, requireObject, StateError } from "@uphill/core-math";
import type { AnyBackend, AsyncBackend, Backend, NumericArray } from "./backend.js";
import { compile, recordToMap } from "./compile.js";
import type { ProgramOn } from "./compile.js";
import { dependents, topologicalOrder } from "./graph.js";
import { input } from "./leaves.js";
import type { PrimitiveAttributes, PrimitiveName } from "./primitives/primitive.js";
import type { Feeds, TensorRecord } from "./program.js";
import { simplify } from "./simplify.js";
import type { Store } from "./store.js";
import { substitute } from "./substitute.js";
import type { Tensor } from "./tensor.js";

/**
 * What {@link compileStaged} makes a program from.
 *
 * @typeParam B - What runs it.
 */
export interface StagedProgramOptions<
  Held extends TensorRecord,
  Inputs extends TensorRecord,
  Outputs extends TensorRecord,
  B extends AnyBackend = Backend,
> {
  /** What is fed once and held. */
  readonly held: Held;
  /** What each run is fed. */
  readonly inputs: Inputs;
  /** What each run gives back. */
  readonly outputs: Outputs;
  /** Owner of the variables. */
  readonly store?: Store;
  /** What runs both stages; by default the store's backend, or the WebAssembly executor. */
  readonly backend?: B | undefined;
}

/**
 * Makes a program of two stages: what does not depend on `inputs`, such as a forward pass, is computed when `held` is fed,
 * and is kept for all runs until it is fed anew. Variables must not change in between.
 *
 * @returns The program: {@link StagedProgram.hold}, and then runs.
 * @throws OptionError as {@link compile}, and for a name that is both held and fed anew.
 */
export function compileStaged<
  Held extends TensorRecord,
  Inputs extends TensorRecord,
  Outputs extends TensorRecord,
  B extends AnyBackend = Backend,
>(options: StagedProgramOptions<Held, Inputs, Outputs, B>): StagedProgram<Held, Inputs, Outputs, B> {
  requireObject("compileStaged options", options);
  const { held, inputs, outputs, store, backend } = options;
  for (const name of ["held", "inputs", "outputs"] as const) recordToMap(name, requireObject(name, options[name]) as TensorRecord);
  const twice = Object.keys(inputs).find((name) => name in held);
  if (twice !== undefined) throw new OptionError(`inputs.${twice}: expected a name that held has not, got one that it has`);
  const names = Object.keys(outputs);
  const results = inFewerSteps(outputs);
  const parts = partsToKeep(results, Object.values(held), Object.values(inputs));
  const fed = new Map(parts.map((part, k) => [part, input(`kept/${k}`, part.shape, part.dtype)]));
  const rest = substitute(results, fed);
  const kept = Object.fromEntries(parts.map((part) => [fed.get(part)!.name!, part]));
  const first = compile<Held, TensorRecord, AnyBackend>({ inputs: held, outputs: kept, backend, ...(store && { store }) });
  const second = compile<Inputs, Outputs, AnyBackend>({
    inputs: { ...inputs, ...Object.fromEntries([...fed.values()].map((tensor) => [tensor.name!, tensor])) },
    outputs: Object.fromEntries(names.map((name, k) => [name, rest[k]])) as TensorRecord as Outputs,
    store: first.store,
    backend,
  });
  return new StagedProgram(first, second, Object.keys(kept));
}

/** What a stage gives when it runs: a promise on an asynchronous backend. */
type Ran<B extends AnyBackend> = B extends AsyncBackend ? Promise<void> : void;

/** A program of two stages. Made by {@link compileStaged}. */
export class StagedProgram<
  Held extends TensorRecord = TensorRecord,
  Inputs extends TensorRecord = TensorRecord,
  Outputs extends TensorRecord = TensorRecord,
  B extends AnyBackend = Backend,
> {
  readonly #first: ProgramOn<AnyBackend, Held>;
  readonly #second: ProgramOn<AnyBackend, Inputs, Outputs>;
  readonly #kept: readonly string[];
  /** What is kept, but for what lies where the second stage reads it. */
  readonly #copies = new Map<string, NumericArray>();
  #holds = false;
  #hasRun = false;

  /** @internal */
  constructor(first: ProgramOn<AnyBackend, Held>, second: ProgramOn<AnyBackend, Inputs, Outputs>, kept: readonly string[]) {
    this.#first = first;
    this.#second = second;
    this.#kept = kept;
  }

  /** What {@link hold} runs. */
  get first(): ProgramOn<B, Held> {
    return this.#first as ProgramOn<B, Held>;
  }

  /** What {@link execute} runs; beside the inputs it is fed what is kept. */
  get second(): ProgramOn<B, Inputs, Outputs> {
    return this.#second as ProgramOn<B, Inputs, Outputs>;
  }

  /** Computes and keeps what does not change from run to run. Throws as {@link Program.run}; then nothing is held. */
  hold(feeds: Feeds<Held>): Ran<B> {
    this.#holds = false;
    return afterwards<B>(this.#first.execute(feeds), () => this.#keep());
  }

  /**
   * Runs the rest once; read the outputs by {@link scalar} and {@link view}. Throws as {@link Program.run}.
   *
   * @throws StateError before {@link hold} has ended, or where it threw.
   */
  execute(feeds: Feeds<Inputs>): Ran<B> {
    if (!this.#holds) throw new StateError("staged program: expected a finished hold() before a run, got none");
    const all: Record<string, NumericArray | Feeds<Inputs>[string] | undefined> = { ...feeds };
    for (const name of this.#kept) all[name] = this.#copies.get(name) ?? this.#second.inputMemory(name);
    return afterwards<B>(this.#second.execute(all as Feeds<Inputs>), () => {
      this.#hasRun = true;
      for (const name of this.#copies.keys()) if (this.#second.inputMemory(name) !== undefined) this.#copies.delete(name);
    });
  }

  /** As {@link Program.scalar}. */
  scalar(name: keyof Outputs & string): number {
    return this.#second.scalar(name);
  }

  /** As {@link Program.view}. */
  view(name: keyof Outputs & string): NumericArray {
    return this.#second.view(name);
  }

  #keep(): void {
    for (const name of this.#kept) {
      const value = this.#first.view(name);
      const memory = this.#hasRun ? this.#second.inputMemory(name) : undefined;
      // Elsewhere a copy: memory that grows as the second stage takes other lengths would detach the view.
      if (memory?.length !== value.length) this.#copies.set(name, value.slice());
      else {
        memory.set(value);
        this.#copies.delete(name);
      }
    }
    this.#holds = true;
  }
}

/** What is to be done after a run, at once or when it ends. */
function afterwards<B extends AnyBackend>(run: void | Promise<void>, finish: () => void): Ran<B> {
  if (run instanceof Promise) return run.then(finish) as Ran<B>;
  finish();
  return undefined as Ran<B>;
}

function inFewerSteps(outputs: TensorRecord): Tensor[] {
  const graph = { inputs: new Map(), outputs: new Map(Object.entries(outputs)), updates: [] };
  return [...simplify({ ...graph, order: topologicalOrder(Object.values(outputs)) }).outputs.values()];
}

/** What costs nothing to have again. */
const free: ReadonlySet<PrimitiveName> = new Set(["variable", "constant", "size", "broadcast", "reshape"]);

/** What depends neither on inputs that change nor on lengths that only they have, but is read by what does. */
function partsToKeep(results: readonly Tensor[], held: readonly Tensor[], changing: readonly Tensor[]): Tensor[] {
  const order = topologicalOrder(results);
  const foreign = order.filter((tensor) => lengthsBeside(held, [tensor]).size > 0);
  const moving = dependents(order, [...changing, ...foreign]);
  const read = new Set(results.filter((result) => !moving.has(result)));
  for (const tensor of order.toReversed()) {
    if (moving.has(tensor) || (read.has(tensor) && free.has(tensor.primitive))) {
      for (const source of tensor.inputs) if (!moving.has(source)) read.add(source);
    }
  }
  const parts = order.filter((tensor) => read.has(tensor) && !free.has(tensor.primitive));
  const open = lengthsBeside([...changing, ...parts], order.filter((tensor) => moving.has(tensor) || read.has(tensor)));
  return [...parts, ...held.filter((tensor) => !parts.includes(tensor) && lengthsOf(tensor).some((name) => open.has(name)))];
}

/** Names of lengths that tensors need, but for those that inputs have. */
function lengthsBeside(inputs: readonly Tensor[], tensors: readonly Tensor[]): Set<string> {
  const known = new Set(inputs.flatMap(lengthsOf));
  return new Set(tensors.flatMap(lengthsOf).filter((name) => !known.has(name)));
}

function lengthsOf({ primitive, attributes, shape }: Tensor): string[] {
  const dimensions = primitive === "size" ? (attributes as PrimitiveAttributes["size"]).dimensions : shape;
  return dimensions.filter((dimension) => typeof dimension === "string");
}
