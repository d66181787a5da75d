/** A module of one function that does `f32x4.relaxed_madd`. */
// prettier-ignore
const probe = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0,
  65, 0, 253, 17, 65, 0, 253, 17, 65, 0, 253, 17, 253, 133, 2, 11,
);

/**
 * Whether the engine has relaxed SIMD, with its fused multiply-add (the relaxed SIMD proposal of WebAssembly). Node.js
 * 20 has it behind a flag: see `enableRelaxedSimd` in `@uphill/autodiff/node`.
 */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(probe);
}
