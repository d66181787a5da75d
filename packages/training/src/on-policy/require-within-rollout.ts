import { OptionError } from "@uphill/core-math";

/** @throws OptionError where a minibatch is larger than the rollout. */
export function requireWithinRollout(
  option: string,
  size: number,
  { environments, rolloutSteps }: { readonly environments: number; readonly rolloutSteps: number },
): void {
  const most = environments * rolloutSteps;
  if (size <= most) return;
  throw new OptionError(`${option}: expected at most environments · rolloutSteps = ${most}, got ${size}`);
}
