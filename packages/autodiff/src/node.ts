export { enableRelaxedSimd } from "./node/enable-relaxed-simd.js";
