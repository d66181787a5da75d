import { setFlagsFromString } from "node:v8";
import { hasRelaxedSimd } from "../executors/webassembly/relaxed-simd.js";

/**
 * Turns relaxed SIMD on, for the whole process, where the engine has it behind a flag, as Node.js 20 does. Programs that
 * are compiled afterwards use it, unless they are to be deterministic.
 *
 * @returns Whether the engine has it now.
 */
export function enableRelaxedSimd(): boolean {
  if (hasRelaxedSimd()) return true;
  // Engines that do not know the flag write to stderr, so only those without relaxed SIMD are asked.
  setFlagsFromString("--experimental-wasm-relaxed-simd");
  return hasRelaxedSimd();
}
