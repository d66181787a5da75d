import { setFlagsFromString } from "node:v8";

/** A module of one function that does `f32x4.relaxed_madd`. */
// prettier-ignore
const probe = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0,
  65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11,
);

/** Turns relaxed SIMD on where the engine has it behind a flag, as Node.js 20 does; says whether it is there. */
export function enableRelaxedSimd(): boolean {
  if (WebAssembly.validate(probe)) return true;
  setFlagsFromString("--experimental-wasm-relaxed-simd");
  return WebAssembly.validate(probe);
}
