/** What T steps of N environments gave; every array is row-major [T, N]: element t·N + n is step t of environment n. */
export interface RolloutArrays {
  /** r, finite. */
  readonly rewards: ArrayLike<number>;
  /** 1 where the step ended the episode in the problem itself: nothing follows it. 0 elsewhere. */
  readonly terminated: ArrayLike<number>;
  /** 1 where the episode was cut off from outside: its value goes on, the trace does not. 0 elsewhere. */
  readonly truncated: ArrayLike<number>;
  /** N, at least 1; 1 by default. T is the arrays' length over N. */
  readonly environments?: number;
  /** γ in [0, 1]. */
  readonly gamma: number;
  /** Where the result goes, [T, N]; a new array where left out. After an error its contents mean nothing. */
  readonly out?: Float64Array;
}

/** A rollout with the values that a critic gives what follows its steps. */
export interface BootstrappedRolloutArrays extends RolloutArrays {
  /**
   * V of the observation that follows step t within its own episode: the final observation where the episode was
   * truncated, the next row elsewhere. Not read where terminated.
   */
  readonly nextValues: ArrayLike<number>;
}

/** A rollout with the values of the states in which its steps were taken, too. */
export interface ValuedRolloutArrays extends BootstrappedRolloutArrays {
  /** V(s_t), finite. */
  readonly values: ArrayLike<number>;
}
