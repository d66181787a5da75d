import { expectation, OptionError, requireFinite, requireProbabilities } from "@uphill/core-math";
import { FiniteMdp } from "../finite-mdp.js";

/** How many transition probabilities a world may have: 256 MiB. */
const MOST_TRANSITIONS = 2 ** 25;

/**
 * The process, if {@link finiteMdp} made it.
 *
 * @throws OptionError for anything else.
 */
export function requireMdp(mdp: unknown): FiniteMdp {
  if (mdp instanceof FiniteMdp) return mdp;
  throw new OptionError(expectation("mdp", "what finiteMdp returns", mdp));
}

/**
 * The policy, if it has a distribution over the actions for each state.
 *
 * @param policy - π(a | s), [S, A].
 * @throws OptionError or ShapeError for anything else.
 */
export function requirePolicy<P extends ArrayLike<number>>(mdp: FiniteMdp, policy: P): P {
  const { states, actions } = requireMdp(mdp);
  return requireProbabilities("policy", policy, [states, actions]);
}

/**
 * The value, if it has a finite number for each state.
 *
 * @param value - V(s), [S].
 * @throws OptionError, ShapeError or NumericalError for anything else.
 */
export function requireValue<V extends ArrayLike<number>>(mdp: FiniteMdp, value: V): V {
  return requireFinite("value", value, [requireMdp(mdp).states]);
}

/**
 * Fails where a world would have more transition probabilities than memory is for.
 *
 * @throws OptionError naming the argument that made it so large.
 */
export function requireModestSize(argument: string, states: number, actions: number): void {
  if (states * actions * states <= MOST_TRANSITIONS) return;
  throw new OptionError(
    `${argument}: expected at most ${MOST_TRANSITIONS} transition probabilities, got ${states} · ${actions} · ${states}`,
  );
}
