import { luFactor, luSolve, luSolveTransposed } from "@uphill/core-math";
import { actionValues, discountedVisitation, policyReward, policyTransition, policyValue } from "@uphill/tabular";
import type { FiniteMdp } from "@uphill/tabular";
import { requireColumnsOf } from "../internal/samples.js";

/** A policy on a finite MDP, and how it moves with its parameters. */
export interface ParametricPolicy {
  /** A finite MDP. */
  readonly mdp: FiniteMdp;
  /** π(a|s), [S, A]. */
  readonly policy: ArrayLike<number>;
  /** ∂π(a|s)/∂θ, finite, row-major [S, A, D]; D is the length over S·A. */
  readonly policyGradients: ArrayLike<number>;
}

/**
 * The exact policy gradient by the policy-gradient theorem, a sum over visited states:
 *
 *     ∇η = Σ_s d^π(s) Σ_a ∇π(a|s) Q^π(s, a),   d^π = α (I − γ P_π)⁻¹
 *
 * (Sutton et al. 2000, theorem 1; for logits, `softmaxPolicyGradient` of `@uphill/tabular` is the same.)
 *
 * @param options - The process, π [S, A] and ∂π/∂θ [S, A, D].
 * @returns ∇η, a new array [D].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function policyGradientByVisitation({ mdp, policy, policyGradients }: ParametricPolicy): Float64Array {
  const visitation = discountedVisitation(mdp, policy);
  const values = actionValues(mdp, policyValue(mdp, policy));
  const weights = values.map((value, i) => visitation[Math.floor(i / mdp.actions)] * value);
  return throughPolicy(weights, policyGradients);
}

/**
 * The exact policy gradient by the implicit function theorem. The value solves F(V, θ) = V − r_π − γ P_π V = 0, so
 *
 *     ∂V/∂θ = −(∂F/∂V)⁻¹ ∂F/∂θ = (I − γ P_π)⁻¹ B,   B(s) = Σ_a ∇π(a|s) Q^π(s, a),   ∇η = αᵀ ∂V/∂θ
 *
 * It moves each parameter forward, and so solves for D right-hand sides. (Krantz and Parks 2013, chapter 3.)
 *
 * @param options - The process, π [S, A] and ∂π/∂θ [S, A, D].
 * @returns ∇η, a new array [D].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function policyGradientByImplicitFunction({ mdp, policy, policyGradients }: ParametricPolicy): Float64Array {
  const { states, actions, initial } = mdp;
  const resolvent = luFactor(valueEquation(mdp, policy));
  const values = actionValues(mdp, luSolve(resolvent, policyReward(mdp, policy)));
  const size = requireColumnsOf("policyGradients", policyGradients, values.length);
  const moved = new Float64Array(states * size);
  for (let i = 0; i < values.length; i++) {
    const row = Math.floor(i / actions) * size;
    for (let d = 0; d < size; d++) moved[row + d] += policyGradients[i * size + d] * values[i];
  }
  luSolve(resolvent, moved, moved);
  const gradient = new Float64Array(size);
  for (let i = 0; i < moved.length; i++) gradient[i % size] += initial[Math.floor(i / size)] * moved[i];
  return gradient;
}

/**
 * The exact policy gradient by reverse differentiation through the linear solve. For η = αᵀV with M V = r_π, M = I − γ P_π:
 *
 *     r̄ = M⁻ᵀ α,   M̄ = −r̄ Vᵀ,   π̄(s, a) = r̄(s) r(s, a) − γ Σ_{s′} M̄(s, s′) P(s′|s, a),   ∇η = Σ π̄ ∇π
 *
 * What automatic differentiation of the solve does, one backward solve for any D; r̄ turns out to be the visitation.
 * (Giles 2008.)
 *
 * @param options - The process, π [S, A] and ∂π/∂θ [S, A, D].
 * @returns ∇η, a new array [D].
 * @throws OptionError, ShapeError or NumericalError naming what is wrong.
 */
export function policyGradientThroughSolve({ mdp, policy, policyGradients }: ParametricPolicy): Float64Array {
  const { states, actions, transition, reward, initial, gamma } = mdp;
  const factors = luFactor(valueEquation(mdp, policy));
  const value = luSolve(factors, policyReward(mdp, policy));
  const rewardAdjoint = luSolveTransposed(factors, initial);
  const matrixAdjoint = new Float64Array(states * states);
  for (let i = 0; i < matrixAdjoint.length; i++) {
    matrixAdjoint[i] = -rewardAdjoint[Math.floor(i / states)] * value[i % states];
  }
  const policyAdjoint = reward.map((r, i) => {
    const state = Math.floor(i / actions);
    let adjoint = rewardAdjoint[state] * r;
    for (let next = 0; next < states; next++) {
      adjoint -= gamma * matrixAdjoint[state * states + next] * transition[i * states + next];
    }
    return adjoint;
  });
  return throughPolicy(policyAdjoint, policyGradients);
}

/** I − γ P_π, [S, S]. */
function valueEquation(mdp: FiniteMdp, policy: ArrayLike<number>): Float64Array {
  return policyTransition(mdp, policy).map((p, i) => (i % (mdp.states + 1) === 0 ? 1 : 0) - mdp.gamma * p);
}

/** Σ weights(s, a) ∂π(a|s)/∂θ. */
function throughPolicy(weights: Float64Array, policyGradients: ArrayLike<number>): Float64Array {
  const size = requireColumnsOf("policyGradients", policyGradients, weights.length);
  const gradient = new Float64Array(size);
  for (let i = 0; i < weights.length; i++) {
    for (let d = 0; d < size; d++) gradient[d] += weights[i] * policyGradients[i * size + d];
  }
  return gradient;
}
