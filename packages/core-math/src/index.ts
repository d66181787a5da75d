export { describe } from "./describe.js";
export { FileError, FormatError, NumericalError, OptionError, ShapeError, StateError, UphillError } from "./errors.js";
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
