export { backtrackingLineSearch } from "./backtracking-line-search.js";
export type { LineSearchOptions, LineSearchResult } from "./backtracking-line-search.js";
export {
  choleskyFactor,
  choleskyFactorAt,
  choleskyLogDeterminant,
  choleskyLogDeterminantAt,
  choleskySolve,
  solveSymmetricPositiveDefinite,
} from "./cholesky.js";
export { conjugateGradient, conjugateGradientSteps } from "./conjugate-gradient.js";
export type { ConjugateGradientOptions, ConjugateGradientResult, LinearOperator, WantedProduct } from "./conjugate-gradient.js";
export { describe } from "./describe.js";
export { digamma, trigamma } from "./digamma.js";
export { FileError, FormatError, NumericalError, OptionError, ShapeError, StateError, UphillError } from "./errors.js";
export { erf, erfc } from "./error-function.js";
export { exp, expm1 } from "./exp.js";
export { explainedVariance } from "./explained-variance.js";
export { findRoot } from "./find-root.js";
export type { FindRootOptions, FindRootResult } from "./find-root.js";
export { logGamma } from "./log-gamma.js";
export { logSumExp } from "./log-sum-exp.js";
export { log } from "./log.js";
export { log1p } from "./log1p.js";
export { luDeterminant, luFactor, luSolve, luSolveTransposed } from "./lu.js";
export type { LuFactors } from "./lu.js";
export { minimizeLbfgs } from "./minimize-lbfgs.js";
export type { MinimizeLbfgsOptions, MinimizeLbfgsResult, Objective } from "./minimize-lbfgs.js";
export { minimizeScalar } from "./minimize-scalar.js";
export type { MinimizeScalarOptions, MinimizeScalarResult } from "./minimize-scalar.js";
export { nearestNames } from "./nearest-names.js";
export { logNormalCdf, normalCdf } from "./normal-cdf.js";
export { normalQuantile } from "./normal-quantile.js";
export { pow } from "./pow.js";
export { Random } from "./random.js";
export type { RandomState, Seed } from "./random-state.js";
export {
  expectation,
  rangeText,
  requireArray,
  requireBoolean,
  requireInteger,
  requireNumber,
  requireObject,
  requireOneOf,
  requireString,
} from "./require.js";
export type { NumberRange } from "./require.js";
export { requireFinite, requireProbabilities } from "./require-elements.js";
export { RunningMoments } from "./running-moments.js";
export type { RunningMomentsState } from "./running-moments.js";
export { cos, sin, sinCos } from "./sin-cos.js";
export { inverseSoftplus, softplus } from "./softplus.js";
export { symmetricEigen, symmetricEigenAt } from "./symmetric-eigen.js";
export type { SymmetricEigen } from "./symmetric-eigen.js";
export { symmetricSquareRoot, symmetricSquareRootAt } from "./symmetric-square-root.js";
export { tanh } from "./tanh.js";
export {
  solveLowerTriangular,
  solveLowerTriangularAt,
  solveLowerTriangularTransposed,
  solveLowerTriangularTransposedAt,
} from "./triangular.js";
