import { expectation, OptionError, Random, requireArray, requireInteger, requireNumber, requireProbabilities } from "@uphill/core-math";

/** A Markov chain that starts anew at random times. */
export interface VisitationSamplesOptions {
  /** P(s′|s), [S, S], such as `policyTransition` of `@uphill/tabular`. */
  readonly transition: ArrayLike<number>;
  /** α(s), [S], S ≥ 1. */
  readonly initial: ArrayLike<number>;
  /** γ in [0, 1): each step ends the run with probability 1 − γ. */
  readonly gamma: number;
  /** How many states are wanted, at least 1. */
  readonly count: number;
  /** Where the draws come from. */
  readonly random: Random;
}

/** What {@link visitationChain} takes. */
export interface VisitationChainOptions extends VisitationSamplesOptions {
  /** Steps before the first state that counts, at least 0; 0 by default. */
  readonly burnIn?: number;
}

/**
 * Independent states of the normalised discounted visitation, each the last of a run of geometric length:
 *
 *     μ = (1 − γ) Σ_t γᵗ Pr(s_t = ·) = (1 − γ) α (I − γ P)⁻¹
 *
 * Exact, at 1/(1 − γ) steps a state. (Kakade and Langford 2002, section 2.)
 *
 * @param options - P [S, S], α [S], γ and the count.
 * @returns States, [count].
 * @throws OptionError for probabilities that are none, γ outside [0, 1), a count below 1, or what is no `Random`;
 *   ShapeError where the lengths disagree.
 */
export function visitationSamples(options: VisitationSamplesOptions): Int32Array {
  const { transition, initial, gamma, count, random } = options;
  const states = requireChain(options);
  const samples = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    let state = draw(random, initial, 0, states);
    while (random.random() < gamma) state = draw(random, transition, state * states, states);
    samples[k] = state;
  }
  return samples;
}

/**
 * States of one chain that jumps back to the start with probability 1 − γ at each step:
 *
 *     s ~ α;   s′ ~ P(·|s) with probability γ, else s′ ~ α
 *
 * Its stationary law is μ of {@link visitationSamples}, but its states depend on each other, and the first ones are
 * distributed as α: after n steps the distance to μ is at most γⁿ, so burn in, or take independent samples.
 *
 * @param options - P [S, S], α [S], γ, the count and the burn-in.
 * @returns States in their order, [count].
 * @throws As {@link visitationSamples}; OptionError for a negative burn-in.
 */
export function visitationChain(options: VisitationChainOptions): Int32Array {
  const { transition, initial, gamma, count, random, burnIn = 0 } = options;
  const states = requireChain(options);
  requireInteger("burnIn", burnIn, { least: 0 });
  const samples = new Int32Array(count);
  let state = draw(random, initial, 0, states);
  for (let k = -burnIn; k < count; k++) {
    if (k >= 0) samples[k] = state;
    const goesOn = random.random() < gamma;
    state = goesOn ? draw(random, transition, state * states, states) : draw(random, initial, 0, states);
  }
  return samples;
}

function requireChain({ transition, initial, gamma, count, random }: VisitationSamplesOptions): number {
  const { length: states } = requireArray("initial", initial);
  requireProbabilities("initial", initial, [states]);
  requireProbabilities("transition", transition, [states, states]);
  requireNumber("gamma", gamma, { least: 0, below: 1 });
  requireInteger("count", count, { least: 1 });
  if (!(random instanceof Random)) throw new OptionError(expectation("random", "a Random", random));
  return states;
}

/** An index 0 … n − 1 by the probabilities that begin at `start`. */
function draw(random: Random, probabilities: ArrayLike<number>, start: number, n: number): number {
  let left = random.random();
  for (let i = 0; i < n - 1; i++) {
    left -= probabilities[start + i];
    if (left < 0) return i;
  }
  return n - 1;
}
