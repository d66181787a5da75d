import { NumericalError } from "@uphill/core-math";
import type { EnvironmentSource } from "@uphill/envs";
import { encodeOnnx, verifyOnnx } from "@uphill/onnx-runtime";
import type { Verification } from "@uphill/onnx-runtime";
import type { Policy } from "@uphill/training";
import { writeFileAtomically } from "@uphill/training/node";

/**
 * Exports a policy to an ONNX file that is checked, in ONNX Runtime, against the policy: a file that differs from it is
 * not written.
 *
 * @param policy - The policy.
 * @param env - Where the observations of the comparison come from.
 * @param path - The file; one that is there already is replaced.
 * @returns What the comparison found.
 * @throws NumericalError where the file differs from the policy; FileError where the path cannot be written.
 */
export async function exportVerified(policy: Policy, env: EnvironmentSource, path: string): Promise<Verification> {
  const bytes = encodeOnnx(policy);
  const verification = await verifyOnnx(policy, bytes, { env });
  if (!verification.passed) {
    throw new NumericalError(`${path}: not written, as it would differ from the policy: ${verification.summary}`);
  }
  await writeFileAtomically(path, bytes);
  return verification;
}

/** What the comparison found, for people. */
export function verificationText({ observations, largest, weights }: Verification): string {
  const difference = largest.relative === 0 ? "0" : largest.relative.toExponential(1);
  return `largest relative difference ${difference} on ${observations} observations, ${weights.compared} weights equal`;
}
