import { where } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { diagonalMatrix, identity, lowerMask, transposedProduct } from "./matrix.js";

/**
 * Blocks of the Fisher information of N(μ, L Lᵀ) in μ and in the entries of L, the diagonal ones by their logarithms.
 *
 * With ∂Σ = ∂L Lᵀ + L ∂Lᵀ in ½ tr(Σ⁻¹ ∂ᵢΣ Σ⁻¹ ∂ⱼΣ), only entries of one column c have something in common: those in rows
 * r and s have (Σ⁻¹)ᵣₛ, and Lcc⁻² more where both are the diagonal one. A logarithm of Lcc brings a factor of Lcc.
 *
 * @param inverse - L⁻¹, […, d, d].
 * @param logDiagonal - log Lᵢᵢ, […, d].
 * @returns […, d, d] in μ, and […, d², d²] in the factor, row-major.
 */
export function choleskyFisher(inverse: Tensor, logDiagonal: Tensor): readonly [Tensor, Tensor] {
  const size = inverse.shape.at(-1) as number;
  const batch = inverse.shape.slice(0, -2);
  const at = (axes: readonly number[], matrix: Tensor) => {
    const lead = matrix.shape.slice(0, -2);
    return matrix.reshape([...lead, ...[0, 1, 2, 3].map((axis) => (axes.includes(axis) ? size : 1))]);
  };
  const precision = transposedProduct(inverse, inverse);
  const eye = identity(size);
  // ∂L/∂factor: 1 below the diagonal, Lᵢᵢ on it, 0 above.
  const scale = where(lowerMask(size, 1), 1, diagonalMatrix(logDiagonal.exp()));
  // Axes: row and column of one entry, row and column of the other.
  const shared = at([0, 2], precision).mul(at([1, 3], eye)).mul(at([0, 1], scale)).mul(at([2, 3], scale));
  const block = shared.reshape([...batch, size * size, size * size]);
  return [precision, block.add(diagonalMatrix(eye.reshape([size * size])))];
}
