import { input } from "@uphill/autodiff";
import type { Space } from "@uphill/envs";
import type { ReplayBatch } from "@uphill/training";
import type { NetworkShape } from "./q-network.js";

/** A batch of transitions as an update takes it, one a row; `weight` is 1 where batches are drawn uniformly. */
export function transitionInputs({ observationSize, box }: NetworkShape) {
  return {
    observation: input("observation", ["batch", observationSize]),
    action: input("action", ["batch", box.size]),
    reward: input("reward", ["batch"]),
    discount: input("discount", ["batch"]),
    nextObservation: input("nextObservation", ["batch", observationSize]),
    weight: input("weight", ["batch"]),
  };
}

/** What {@link transitionInputs} are fed. */
export function transitionFeeds<A extends Space>(batch: ReplayBatch<A>) {
  return {
    observation: batch.observations,
    action: batch.actions,
    reward: batch.rewards,
    discount: batch.discounts,
    nextObservation: batch.nextObservations,
    weight: batch.weights,
  };
}
