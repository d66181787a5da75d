import type { Tensor } from "@uphill/autodiff";
import type { ExportableDistribution } from "../policy/exportable-policy.js";

/** What verification needs of a distribution beyond what export does: to judge an action that is not the policy's. */
export interface VerifiableDistribution extends ExportableDistribution {
  /** log p(value), float32 `["batch"]`. */
  logProbability(value: Tensor): Tensor;
}
