import type { LinearMemory } from "../../linear-memory.js";
import { ModuleAssembler } from "./assembler.js";
import type { FunctionAssembler, FunctionReference, ValueType } from "./assembler.js";

/** A function of the module, once it has been instantiated. */
export type Emitted = (...parameters: number[]) => void;

/**
 * The module of one program while it grows: kernels add functions, and get the instances when all are there.
 *
 * Functions are named by what they compute, so that kernels of one shape class share one.
 */
export class Emission {
  /** Whether functions may use fused multiply-add, whose low bits differ between machines. */
  readonly relaxed: boolean;
  readonly #module = new ModuleAssembler();
  readonly #waiting: { readonly name: string; readonly receive: (emitted: Emitted) => void }[] = [];

  constructor(relaxed: boolean) {
    this.relaxed = relaxed;
  }

  /** For functions that other functions call. */
  get module(): ModuleAssembler {
    return this.#module;
  }

  /**
   * Adds a kernel of i32 parameters, unless one of this name is there.
   *
   * @param name - Says all that the code depends on.
   * @param parameters - How many i32 parameters it takes.
   * @param assemble - Writes its instructions.
   * @param receive - Gets the function when the module is instantiated.
   */
  kernel(
    name: string,
    parameters: number,
    assemble: (f: FunctionAssembler) => void,
    receive: (emitted: Emitted) => void,
  ): void {
    if (this.#module.find(name) === undefined) {
      const signature = { parameters: Array<ValueType>(parameters).fill("i32"), results: [] };
      this.#module.addFunction(name, signature, assemble);
    }
    this.#waiting.push({ name, receive });
  }

  /** A function that was added by name. */
  find(name: string): FunctionReference | undefined {
    return this.#module.find(name);
  }

  /** Compiles the module and hands the functions out. */
  finish(memory: LinearMemory): void {
    if (this.#waiting.length === 0) return;
    const module = new WebAssembly.Module(this.#module.toBytes());
    const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
    for (const { name, receive } of this.#waiting) receive(exports[name] as Emitted);
  }
}
