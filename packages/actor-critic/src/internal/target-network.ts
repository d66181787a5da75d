import { assign } from "@uphill/autodiff";
import type { Store, Tensor, Update, Variable } from "@uphill/autodiff";

/** Makes target networks start as the networks that they follow. */
export function startTargets(store: Store, networks: readonly Variable[], targets: readonly Variable[]): void {
  networks.forEach((network, index) => {
    store.adopt(network);
    store.adopt(targets[index]);
    store.write(targets[index], store.read(network));
  });
}

/**
 * The updates of target networks: θ̄ ← ρ θ + (1 − ρ) θ̄, with the parameters θ that the same run's other updates give.
 * ρ = 1 copies, to the bit; ρ = 0 changes nothing.
 *
 * @param targets - θ̄.
 * @param networks - Those that they follow, in the same order.
 * @param updates - Of the run: the new values of `networks`, and their guard.
 * @param rate - ρ, a scalar in [0, 1].
 */
export function targetUpdates(
  targets: readonly Variable[],
  networks: readonly Variable[],
  updates: readonly Update[],
  rate: Tensor,
): Update[] {
  const byVariable = new Map(updates.map((update) => [update.variable, update]));
  const rest = rate.neg().add(1);
  return targets.map((target, index) => {
    const update = byVariable.get(networks[index]);
    const next = update?.value ?? networks[index];
    const guard = update?.onlyIfFinite === undefined ? {} : { onlyIfFinite: update.onlyIfFinite };
    return assign(target, next.mul(rate).add(target.mul(rest)), guard);
  });
}
