import { StateError, UphillError } from "@uphill/core-math";

/**
 * What an environment among several threw, as an error that says which one it was: an error of Uphill keeps its class, any
 * other is a StateError. What was thrown is its cause.
 *
 * @param doing - What the environment was asked to do: `step`, `reset`.
 * @param place - Which one it is: `CartPole-v1, environment 3`.
 * @param thrown - What it threw.
 */
export function errorThrownBy(doing: string, place: string, thrown: unknown): UphillError {
  const cause = { cause: thrown };
  if (thrown instanceof UphillError) {
    if (thrown.message.includes(place)) return thrown;
    return Reflect.construct(thrown.constructor, [`${place}: ${thrown.message}`, cause]) as UphillError;
  }
  const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new StateError(`${doing} of ${place}: threw ${what}`, cause);
}
