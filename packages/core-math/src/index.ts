export { describe } from "./describe.js";
export { FileError, FormatError, NumericalError, OptionError, ShapeError, StateError, UphillError } from "./errors.js";
export { exp } from "./exp.js";
export { explainedVariance } from "./explained-variance.js";
export { log } from "./log.js";
export { pow } from "./pow.js";
export { Random } from "./random.js";
export type { RandomState } from "./random-state.js";
export {
  expectation,
  requireArray,
  requireBoolean,
  requireInteger,
  requireNumber,
  requireObject,
  requireOneOf,
  requireString,
} from "./require.js";
export type { NumberRange } from "./require.js";
export { RunningMoments } from "./running-moments.js";
export type { RunningMomentsState } from "./running-moments.js";
export type { Seed } from "./internal/seed-sequence.js";
export { cos, sin } from "./sin-cos.js";
export { tanh } from "./tanh.js";
