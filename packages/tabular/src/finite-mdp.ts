import { requireFinite, requireInteger, requireNumber, requireObject, requireProbabilities } from "@uphill/core-math";

/** What {@link finiteMdp} takes; arrays are row-major. */
export interface FiniteMdpArrays {
  /** |S|, the number of states, at least 1. */
  readonly states: number;
  /** |A|, the number of actions in every state, at least 1. */
  readonly actions: number;
  /** P(s′ | s, a), [S, A, S]: each row of S probabilities sums to 1. */
  readonly transition: ArrayLike<number>;
  /** r(s, a), the mean reward of the action, [S, A], finite. */
  readonly reward: ArrayLike<number>;
  /** α(s), the probability to start in s, [S]. */
  readonly initial: ArrayLike<number>;
  /** γ in [0, 1): every sum over time converges. */
  readonly gamma: number;
}

/**
 * A finite Markov decision process (S, A, P, r, α, γ) from its arrays, which are checked and copied.
 *
 * States and actions are the integers from 0; a policy π(a | s) is an array [S, A], and a value of states one of [S]. A
 * state that ends the episode is one that leads to itself with reward 0. (Puterman 1994, section 2.1.)
 *
 * @param arrays - See {@link FiniteMdpArrays}. Probabilities are at least 0, and each distribution sums to 1 within 1e-9.
 * @returns The process, which every other function of this package takes.
 * @throws OptionError for sizes below 1, γ outside [0, 1), or a distribution that is none, which the message names;
 *   ShapeError for lengths that disagree with the sizes; NumericalError for a reward that is not finite.
 */
export function finiteMdp(arrays: FiniteMdpArrays): FiniteMdp {
  requireObject("arrays", arrays);
  return new FiniteMdp(arrays);
}

/** What {@link finiteMdp} makes: arrays that are known to be valid. They are not to be written to. */
export class FiniteMdp implements FiniteMdpArrays {
  /** |S|. */
  readonly states: number;
  /** |A|. */
  readonly actions: number;
  /** P(s′ | s, a), [S, A, S]: element (s·A + a)·S + s′. */
  readonly transition: Float64Array;
  /** r(s, a), [S, A]: element s·A + a. */
  readonly reward: Float64Array;
  /** α(s), [S]. */
  readonly initial: Float64Array;
  /** γ in [0, 1). */
  readonly gamma: number;

  /** @internal Use {@link finiteMdp}. */
  constructor({ states, actions, transition, reward, initial, gamma }: FiniteMdpArrays) {
    this.states = requireInteger("states", states, { least: 1 });
    this.actions = requireInteger("actions", actions, { least: 1 });
    this.transition = Float64Array.from(requireProbabilities("transition", transition, [states, actions, states]));
    this.reward = Float64Array.from(requireFinite("reward", reward, [states, actions]));
    this.initial = Float64Array.from(requireProbabilities("initial", initial, [states]));
    this.gamma = requireNumber("gamma", gamma, { least: 0, below: 1 });
  }
}
