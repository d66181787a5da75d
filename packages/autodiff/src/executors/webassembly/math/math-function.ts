import type { FunctionReference, ModuleAssembler } from "../assembler.js";
import { erf } from "./erf.js";
import { exp } from "./exp.js";
import { log } from "./log.js";
import { sigmoid } from "./sigmoid.js";
import { cos, sin } from "./sin-cos.js";
import { softplus } from "./softplus.js";
import { tanh } from "./tanh.js";
import { VectorCode } from "./vector-code.js";
import type { Emit, MathOptions } from "./vector-code.js";

/**
 * Elementary functions of float32 vectors. Each sets its constants where it is prepared, before a loop, and returns
 * what emits its instructions, in the loop and as often as needed. The result of a lane depends on that lane only.
 */
export const mathEmitters = { exp, log, tanh, sigmoid, softplus, sin, cos, erf } satisfies Readonly<
  Record<string, (code: VectorCode) => Emit>
>;

/** Name of an elementary function. */
export type MathName = keyof typeof mathEmitters;

/**
 * An elementary function as a WebAssembly function of one vector. Called in a loop it takes two to three times as long
 * as with its instructions in place, as it sets its constants at every call.
 *
 * @param module - Gets the function, `math.exp` for example (`math.exp.relaxed` where relaxed), unless it has it.
 */
export function mathFunction(module: ModuleAssembler, name: MathName, options: MathOptions): FunctionReference {
  const fullName = `math.${name}${options.relaxed ? ".relaxed" : ""}`;
  return (
    module.find(fullName) ??
    module.addFunction(fullName, { parameters: ["v128"], results: ["v128"] }, (f) => {
      const emit = mathEmitters[name](new VectorCode(module, f, options));
      f.get(f.parameter(0));
      emit();
    })
  );
}
