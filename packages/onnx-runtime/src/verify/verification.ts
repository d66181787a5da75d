import type { Difference } from "./difference.js";
import type { WeightComparison } from "./weights.js";

/** What `verifyOnnx` found. */
export interface Verification {
  /** Whether every output agrees to the tolerance, and no weight differs. */
  readonly passed: boolean;
  /** One sentence: what was compared, and the largest difference. */
  readonly summary: string;
  /** The largest relative difference that is allowed. */
  readonly tolerance: number;
  /** Number of observations on which outputs were compared. */
  readonly observations: number;
  /** The largest difference of each output: the distribution's parameters by name, and `action`. */
  readonly outputs: Readonly<Record<string, Difference>>;
  /** Which of them is the largest. */
  readonly largest: { readonly output: string } & Difference;
  /** How the weights in the file compare with the policy's. */
  readonly weights: WeightComparison;
}

/** What was measured, judged by the tolerance. */
export function judged({
  tolerance,
  observations,
  outputs,
  weights,
}: Pick<Verification, "tolerance" | "observations" | "outputs" | "weights">): Verification {
  const largest = Object.entries(outputs)
    .map(([output, difference]) => ({ output, ...difference }))
    .reduce((most, other) => (other.relative > most.relative ? other : most));
  const passed = largest.relative <= tolerance && weights.different === undefined;
  const summary = `${describeOutputs(observations, largest, tolerance)}; ${describeWeights(weights)}`;
  return { passed, summary, tolerance, observations, outputs, largest, weights };
}

function describeOutputs(observations: number, largest: Verification["largest"], tolerance: number): string {
  const { output, relative, policy, file, place } = largest;
  const compared = `${observations} observations compared`;
  if (relative === 0) return `${compared}, no difference`;
  const verdict = relative <= tolerance ? "within" : "beyond";
  return `${compared}, largest relative difference ${relative.toExponential(1)} in ${output} at ${place} (policy ${policy}, file ${file}), ${verdict} the tolerance of ${tolerance}`;
}

function describeWeights({ compared, missing, different }: WeightComparison): string {
  if (different !== undefined) {
    const { variable, index, policy, file } = different;
    return `weight ${index} of ${variable} is ${file} in the file and ${policy} in the policy`;
  }
  const equal = `${compared} weights equal`;
  return missing.length === 0 ? equal : `${equal}, not found in the file: ${missing.join(", ")}`;
}
