/** One of the things that may follow an action. */
export interface Outcome {
  /** How likely it is; those of one state and action sum to 1. */
  readonly probability: number;
  /** The state that follows. */
  readonly next: number;
  /** What is earned. */
  readonly reward: number;
  /** Whether the episode ends with it. */
  readonly terminated: boolean;
}

/** A problem with finitely many states and actions, both numbered from 0. */
export interface FiniteProblem {
  /** |S|. */
  readonly states: number;
  /** |A|. */
  readonly actions: number;
  /** The probability to start in each state, `[S]`. */
  readonly initial: ArrayLike<number>;
  /** What may follow action `action` in state `state`, in the order in which draws look them up. */
  outcomes(state: number, action: number): readonly Outcome[];
}
