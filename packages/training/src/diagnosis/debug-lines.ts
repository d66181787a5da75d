import type { DebugReport } from "./debug-report.js";

/**
 * A debug report as lines for people.
 *
 * @param report - The report.
 * @returns Lines without line breaks.
 */
export function debugLines({ returns, meanReturn, standardDeviation, entropy, gradientAgreement }: DebugReport): readonly string[] {
  const each = returns.map(({ return: value }) => short(value)).join(" ");
  const { seed } = returns[0];
  return [
    `return      ${short(meanReturn)} ± ${short(standardDeviation)} over ${returns.length} episodes${entropy === null ? "" : ", exploring"}`,
    `by seed     ${each} (seeds ${seed} to ${seed + returns.length - 1})${sameNote(returns)}`,
    entropy === null ? "entropy     none: the policy itself is deterministic" : `entropy     ${short(entropy)} nats`,
    ...agreementLines(gradientAgreement),
  ];
}

function sameNote(returns: DebugReport["returns"]): string {
  const same = returns.length > 1 && returns.every((one) => one.return === returns[0].return);
  return same ? "; all the same, so that no episode says more than another" : "";
}

function agreementLines(agreements: DebugReport["gradientAgreement"]): readonly string[] {
  if (agreements.length === 0) return ["gradient    none to take"];
  const parts = agreements.map(({ batchSize, agreement }) => `${batchSize} steps ${Math.max(0, Math.round(100 * agreement))}%`);
  return [
    `gradient    ${parts.join(", ")}`,
    "            of a batch's squared gradient is shared by other batches; the rest is noise",
  ];
}

/** Three digits after the point at most, none where the number is large. */
function short(value: number): string {
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(0) : size >= 1 ? value.toFixed(1) : value.toFixed(3);
}
