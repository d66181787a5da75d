import { constant, Store } from "@uphill/autodiff";
import { choleskyFactor, choleskySolve, requireNumber } from "@uphill/core-math";
import { requireKnown } from "../internal/require-known.js";
import type { FittedFunction, Regression } from "./regression.js";

/** How {@link linearRegression} fits. */
export interface LinearRegressionOptions {
  /**
   * φ(x), what the function is linear in: `[k]` numbers from one row. The row itself and a 1 where left out.
   *
   * @param row - `[width]`.
   */
  readonly features?: (row: Float32Array) => ArrayLike<number>;
  /** Added to the diagonal of ΦᵀΦ, > 0, so that it can be solved. Default 1e-6. */
  readonly ridge?: number;
}

/**
 * Least squares: f(x) = wᵀ φ(x) with w = (ΦᵀΦ + c I)⁻¹ Φᵀ y. Features that mark the states and actions of a finite
 * process make it a table of means.
 *
 * @param options - See {@link LinearRegressionOptions}.
 * @returns A regression; what it fits has derivatives and is an expression, unless `features` are given.
 * @throws OptionError for an option that is unknown, or a ridge that is not above 0.
 */
export function linearRegression(options: LinearRegressionOptions = {}): Regression {
  const { features } = requireKnown("options", options, { features: true, ridge: true });
  const ridge = requireNumber("ridge", options.ridge ?? 1e-6, { above: 0 });
  const featuresOf = features ?? ((row: Float32Array) => Float64Array.of(...row, 1));
  return {
    fit(inputs, targets, width) {
      const weights = leastSquares(rowsOf(inputs, width).map(featuresOf), targets, ridge);
      const predict = (rows: Float32Array): Float64Array =>
        Float64Array.from(rowsOf(rows, width), (row) => dot(weights, featuresOf(row)));
      const fitted: FittedFunction = { predict };
      if (features !== undefined) return fitted;
      const slopes = constant(weights.subarray(0, width), [width, 1]);
      return {
        ...fitted,
        expression: { store: new Store(), value: (rows) => rows.matmul(slopes).reshape(["batch"]).add(weights[width]) },
        differentiate: (rows) => ({
          values: predict(rows),
          gradients: Float64Array.from(rows, (_, index) => weights[index % width]),
        }),
      };
    },
  };
}

function leastSquares(rows: readonly ArrayLike<number>[], targets: Float64Array, ridge: number): Float64Array {
  const size = rows[0].length;
  const matrix = new Float64Array(size * size);
  const vector = new Float64Array(size);
  rows.forEach((row, n) => {
    for (let i = 0; i < size; i++) {
      if (row[i] === 0) continue;
      vector[i] += row[i] * targets[n];
      for (let j = 0; j < size; j++) matrix[i * size + j] += row[i] * row[j];
    }
  });
  for (let i = 0; i < size; i++) matrix[i * size + i] += ridge;
  return choleskySolve(choleskyFactor(matrix), vector);
}

function rowsOf(inputs: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: inputs.length / width }, (_, n) => inputs.subarray(n * width, (n + 1) * width));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
