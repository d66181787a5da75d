import type { Extent, LinearMemory } from "../../linear-memory.js";
import type { Bindings } from "../../shape.js";
import type { Kernel, Slot } from "../planned/kernel.js";
import { ModuleAssembler } from "./assembler.js";
import type { FunctionAssembler, FunctionReference, Signature, ValueType } from "./assembler.js";

/** Exports of the module, once it is instantiated. */
type Exports = Readonly<Record<string, (...parameters: readonly number[]) => void>>;

/** A function that a kernel calls. Its parameters are i32: sizes, then addresses. */
export interface KernelFunction {
  /** Says all that the code depends on, so that kernels of one shape class share a function. */
  readonly name: string;
  /** How many sizes it takes. */
  readonly sizes: number;
  /** How many addresses it takes. */
  readonly addresses: number;
  /** Writes its instructions. */
  readonly assemble: (f: FunctionAssembler) => void;
}

/** The module of one program while it grows. Its kernels can run once it is finished. */
export class Emission {
  /** Whether functions may use fused multiply-add, whose low bits differ between machines. */
  readonly relaxed: boolean;
  /** For functions that other functions call. */
  readonly module = new ModuleAssembler();
  #exports: Exports = {};

  constructor(relaxed: boolean) {
    this.relaxed = relaxed;
  }

  /**
   * A kernel that calls a function, which is assembled unless the module has it.
   *
   * @param target - The function.
   * @param sizesOf - Its sizes, from the lengths of the named dimensions.
   * @param slots - Whose addresses it takes.
   */
  kernel(target: KernelFunction, sizesOf: (bindings: Bindings) => readonly number[], slots: readonly Slot[]): Kernel {
    const { name, sizes, addresses, assemble } = target;
    const callee = this.module.find(name) ?? this.module.addFunction(name, integers(sizes + addresses), assemble);
    return new EmittedKernel(callee, sizesOf, slots, () => this.#exports);
  }

  /**
   * Joins neighbouring kernels of the module: they run in one call.
   *
   * @param kernels - In the order of their runs.
   * @param memory - What the module works on. It gets a table of the kernels' parameters.
   * @param extents - Collects what is allocated there.
   */
  join(kernels: readonly Kernel[], memory: LinearMemory, extents: Set<Extent>): Kernel[] {
    return runsOf(kernels).map((run) => (Array.isArray(run) ? this.#sequence(run, memory, extents) : run));
  }

  /** Compiles the module; then its kernels can run. */
  finish({ memory }: LinearMemory): void {
    const module = new WebAssembly.Module(this.module.toBytes());
    this.#exports = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  }

  /** A function that calls one kernel after the other, with parameters from a table. */
  #sequence(kernels: readonly EmittedKernel[], memory: LinearMemory, extents: Set<Extent>): Kernel {
    const name = `sequence ${this.module.size}`;
    const callees = kernels.map(({ callee }) => callee);
    this.module.addFunction(name, integers(1), (f) => {
      const table = f.parameter(0);
      let offset = 0;
      for (const callee of callees) {
        for (const _ of callee.signature.parameters) {
          f.get(table).memory("i32.load", offset);
          offset += 4;
        }
        f.call(callee);
      }
    });
    const count = callees.reduce((sum, { signature }) => sum + signature.parameters.length, 0);
    const table = memory.allocate("int32", count);
    extents.add(table.extent);
    return {
      bind: (bindings) => {
        for (const kernel of kernels) kernel.bind(bindings);
        table.data.set(kernels.flatMap(({ parameters }) => parameters));
      },
      run: () => this.#exports[name](table.address),
    };
  }
}

/** One call of a function of the module. */
class EmittedKernel implements Kernel {
  readonly emitted = true;
  readonly callee: FunctionReference;
  readonly #sizesOf: (bindings: Bindings) => readonly number[];
  readonly #slots: readonly Slot[];
  readonly #exports: () => Exports;
  /** What the function takes, since the last bind. */
  parameters: readonly number[] = [];

  constructor(
    callee: FunctionReference,
    sizesOf: (bindings: Bindings) => readonly number[],
    slots: readonly Slot[],
    exports: () => Exports,
  ) {
    this.callee = callee;
    this.#sizesOf = sizesOf;
    this.#slots = slots;
    this.#exports = exports;
  }

  bind(bindings: Bindings): void {
    this.parameters = [...this.#sizesOf(bindings), ...this.#slots.map(({ address }) => address)];
  }

  run(): void {
    this.#exports()[this.callee.name](...this.parameters);
  }
}

/** Neighbouring emitted kernels together, others alone, in order. */
function runsOf(kernels: readonly Kernel[]): (Kernel | EmittedKernel[])[] {
  const runs: (Kernel | EmittedKernel[])[] = [];
  for (const kernel of kernels) {
    const last = runs.at(-1);
    if (!(kernel instanceof EmittedKernel)) runs.push(kernel);
    else if (Array.isArray(last)) last.push(kernel);
    else runs.push([kernel]);
  }
  return runs;
}

function integers(count: number): Signature {
  return { parameters: Array<ValueType>(count).fill("i32"), results: [] };
}
