import type { ActionOf, ActionsOf, Space } from "./space.js";

/**
 * Room for the actions of N environments, all zero.
 *
 * @param space - The action space.
 * @param count - N.
 * @returns `Float32Array` `[N, size]` for a box, `Int32Array` `[N, size]` for choices; one of a discrete space has size 1.
 */
export function emptyActions<A extends Space>(space: A, count: number): ActionsOf<A> {
  const length = count * space.size;
  return (space.kind === "box" ? new Float32Array(length) : new Int32Array(length)) as ActionsOf<A>;
}

/**
 * The action of one environment among those of N; what is more than a number is in an array of its own.
 *
 * @param space - The action space.
 * @param actions - The actions of N environments, as {@link emptyActions} has them.
 * @param index - Which one, in [0, N).
 */
export function actionAt<A extends Space>(space: A, actions: ActionsOf<A>, index: number): ActionOf<A> {
  if (space.kind === "discrete") return actions[index] as ActionOf<A>;
  return actions.slice(index * space.size, (index + 1) * space.size) as ActionOf<A>;
}

/** The actions of N environments, one after the other. */
export function joinedActions<A extends Space>(space: A, all: readonly ActionOf<A>[]): ActionsOf<A> {
  const actions = emptyActions(space, all.length);
  all.forEach((action, i) => {
    actions.set(typeof action === "number" ? [action] : action, i * space.size);
  });
  return actions;
}
