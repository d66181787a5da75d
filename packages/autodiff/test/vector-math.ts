import { ModuleAssembler } from "../src/executors/webassembly/assembler.js";
import { mathEmitters, mathFunction } from "../src/executors/webassembly/math/math-function.js";
import type { MathName } from "../src/executors/webassembly/math/math-function.js";
import { VectorCode } from "../src/executors/webassembly/math/vector-code.js";
import type { MathOptions } from "../src/executors/webassembly/math/vector-code.js";

/** A loop that applies an elementary function to an array in WebAssembly's memory. */
export interface ArrayFunction {
  readonly input: Float32Array;
  readonly output: Float32Array;
  run: () => void;
}

/**
 * Compiles a loop over an array.
 *
 * @param length - A multiple of 4.
 * @param form - Whether the loop holds the function's instructions or calls it.
 */
export function arrayFunction(
  name: MathName,
  options: MathOptions,
  length: number,
  form: "in place" | "called" = "in place",
): ArrayFunction {
  const module = new ModuleAssembler();
  module.addFunction("loop", { parameters: ["i32", "i32", "i32"], results: [] }, (f) => {
    const [source, target, end] = [0, 1, 2].map((index) => f.parameter(index));
    const emit =
      form === "in place"
        ? mathEmitters[name](new VectorCode(module, f, options))
        : () => f.call(mathFunction(module, name, options));
    f.loop(() => {
      f.get(target).get(source).memory("v128.load");
      emit();
      f.memory("v128.store");
      f.get(target).i32(16).op("i32.add").set(target);
      f.get(source).i32(16).op("i32.add").tee(source).get(end).op("i32.lt_u").branchIf(0);
    });
  });
  const bytes = 4 * length;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((2 * bytes) / 65_536) });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
  const loop = exports["loop"] as (source: number, target: number, end: number) => void;
  return {
    input: new Float32Array(memory.buffer, 0, length),
    output: new Float32Array(memory.buffer, bytes, length),
    run: () => loop(0, bytes, bytes),
  };
}
