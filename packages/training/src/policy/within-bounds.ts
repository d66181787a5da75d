import { constant } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import type { Space } from "@uphill/envs";

/**
 * Actions as an environment takes them: min(max(a, low), high), element by element, for a box; as they are for
 * choices, and for a box without bounds.
 *
 * @param action - float32 `[batch, size]` for a box, int32 `[batch]` for a choice and `[batch, size]` for several.
 * @param space - The action space.
 * @returns The same shape. Gradients flow where an action is within its bounds.
 */
export function withinBounds(action: Tensor, space: Space): Tensor {
  if (space.kind !== "box") return action;
  const unbounded = [...space.low, ...space.high].every((bound) => !Number.isFinite(bound));
  return unbounded ? action : action.clip(constant(space.low), constant(space.high));
}
