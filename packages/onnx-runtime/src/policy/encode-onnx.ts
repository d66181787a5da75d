import { encodeGraph } from "../graph/encode-graph.js";
import { lower } from "../lowering/lower.js";
import type { ExportablePolicy } from "./exportable-policy.js";
import { metadataEntries } from "./metadata.js";
import { policyExpressions } from "./policy-expressions.js";

/**
 * A policy as the bytes of an ONNX file: one graph from observation to distribution parameters and action.
 *
 * The graph has the input `observation`, float32 `[batch, size]`, and as outputs the distribution's parameters by their
 * names (`logits`; or `mean` and `logStandardDeviation`), each float32 `[batch, …]`, and `action`: int32 `[batch]` for a
 * discrete space, float32 `[batch, size]` for a box, within its bounds. The action is the policy's deterministic one.
 * Whatever the policy does to observations, such as normalising them, is in the graph; its weights are constants under
 * their variables' names. The metadata holds the environment's id, both spaces as JSON, the algorithm and the kind of
 * distribution. The same policy always gives the same bytes.
 *
 * @param policy - The policy; it is not changed, and later training does not change the bytes.
 * @returns The whole file.
 * @throws NumericalError where a weight is NaN or infinite; OptionError or ShapeError where the policy's expressions have
 *   names or shapes that a file cannot have.
 */
export function encodeOnnx(policy: ExportablePolicy): Uint8Array<ArrayBuffer> {
  const { observation, distribution, parameters, action } = policyExpressions(policy);
  const { inputs, outputs } = lower({
    inputs: { observation },
    outputs: { ...parameters, action },
    store: policy.store,
  });
  const metadata = metadataEntries({
    environmentId: policy.environmentId,
    algorithm: policy.algorithm,
    distribution: distribution.kind,
    observationSpace: policy.observationSpace,
    actionSpace: policy.actionSpace,
  });
  return encodeGraph({ name: policy.environmentId, inputs, outputs }, metadata);
}
