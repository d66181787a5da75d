import type { Store, Tensor } from "@uphill/autodiff";
import type { Box, Space } from "@uphill/envs";

/** What export needs of a distribution: its parameters by name. Every distribution of `@uphill/distributions` has it. */
export interface ExportableDistribution {
  /** Such as `categorical`. */
  readonly kind: string;
  /** float32, `["batch", …]`, or without the batch where they are the same for every observation. */
  readonly parameters: Readonly<Record<string, Tensor>>;
}

/**
 * What export needs of a policy: expressions from observation to distribution to action, and where its weights are. A
 * `Policy` of `@uphill/training` is one; so is any object of your own with these properties.
 */
export interface ExportablePolicy<D extends ExportableDistribution = ExportableDistribution> {
  /** The space of observations. */
  readonly observationSpace: Box;
  /** The space of actions. */
  readonly actionSpace: Space;
  /** Where the variables of the expressions have their values. */
  readonly store: Store;
  /** The mask of allowed actions that observations end with, where they have one: verification tries no others. */
  readonly actionMask?: {
    /** int32 `["batch", n]`, from observations `["batch", observationSpace.size]`. */
    mask(observation: Tensor): Tensor;
  } | null;
  /** The environment that the policy is for, such as `CartPole-v1`. */
  readonly environmentId: string;
  /** What trained it, such as `ppo`. */
  readonly algorithm: string;
  /** The distribution over actions, from observations `["batch", observationSpace.size]`. */
  distribution(observation: Tensor): D;
  /** The action to take: int32 `["batch"]` for a discrete space, float32 `["batch", actionSpace.size]` for a box. */
  action(distribution: D): Tensor;
}
