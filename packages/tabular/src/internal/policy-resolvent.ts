import { luFactor } from "@uphill/core-math";
import type { LuFactors } from "@uphill/core-math";
import type { FiniteMdp } from "../finite-mdp.js";
import { policyTransition } from "../policy-chain.js";

/** LU factors of I − γ P_π, [S, S]: invertible, since γ < 1. */
export function policyResolvent(mdp: FiniteMdp, policy: ArrayLike<number>): LuFactors {
  const matrix = policyTransition(mdp, policy).map((p) => -mdp.gamma * p);
  for (let i = 0; i < matrix.length; i += mdp.states + 1) matrix[i] += 1;
  return luFactor(matrix);
}
