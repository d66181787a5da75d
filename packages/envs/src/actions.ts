import { expectation, NumericalError, OptionError, ShapeError } from "@uphill/core-math";
import type { Box } from "./spaces/box.js";
import type { Discrete } from "./spaces/discrete.js";
import { actionAt } from "./spaces/actions-of.js";
import type { MultiBinary } from "./spaces/multi-binary.js";
import type { MultiDiscrete } from "./spaces/multi-discrete.js";
import type { Space } from "./spaces/space.js";

type Choices = MultiDiscrete | MultiBinary;

/**
 * Throws unless a value is an action that `step` may be given: the line to begin a `step` of your own with.
 *
 * A box's action may lie outside the bounds, where it acts as the nearest point within, but must be finite.
 *
 * @param environment - The environment's name, for the message.
 * @param space - Its action space.
 * @param action - What `step` was given.
 * @throws OptionError for a value that is no action of the space; ShapeError for an array of another length;
 *   NumericalError for NaN or an infinity in a box action.
 */
export function requireAction(environment: string, space: Space, action: unknown): void {
  if (space.kind === "box" ? isBoxAction(space, action) : space.contains(action)) return;
  throw actionError(`action of ${environment}`, space, action);
}

/**
 * Throws unless every one of N actions may be given to its environment.
 *
 * @throws What {@link requireAction} throws, naming the first environment whose action is wrong by its index.
 */
export function requireActions(environment: string, space: Space, actions: unknown, count: number): void {
  if (space.kind === "discrete") requireDiscreteActions(environment, space, actions, count);
  else if (space.kind === "box") requireBoxActions(environment, space, actions, count);
  else requireChoices(environment, space, actions, count);
}

function requireDiscreteActions(environment: string, space: Discrete, actions: unknown, count: number): void {
  if (!(actions instanceof Int32Array)) throw wrongArray(environment, `an Int32Array of length ${count}`, actions);
  if (actions.length !== count) throw wrongLength(environment, count, actions);
  const { n } = space;
  for (let i = 0; i < count; i++) {
    if (actions[i] >>> 0 >= n) throw actionError(`action of ${environment}, environment ${i}`, space, actions[i]);
  }
}

function requireChoices(environment: string, space: Choices, actions: unknown, count: number): void {
  const { counts, size } = space;
  if (!(actions instanceof Int32Array)) throw wrongArray(environment, `an Int32Array of length ${count * size}`, actions);
  if (actions.length !== count * size) throw wrongLength(environment, count * size, actions);
  for (let i = 0; i < actions.length; i++) {
    if (actions[i] >>> 0 < counts[i % size]) continue;
    const index = Math.floor(i / size);
    throw actionError(`action of ${environment}, environment ${index}`, space, actionAt(space, actions, index));
  }
}

function requireBoxActions(environment: string, space: Box, actions: unknown, count: number): void {
  const length = count * space.size;
  if (!(actions instanceof Float32Array)) throw wrongArray(environment, `a Float32Array of length ${length}`, actions);
  if (actions.length !== length) throw wrongLength(environment, length, actions);
  for (let i = 0; i < length; i++) {
    if (Number.isFinite(actions[i])) continue;
    const index = Math.floor(i / space.size);
    throw actionError(`action of ${environment}, environment ${index}`, space, actionAt(space, actions, index));
  }
}

function isBoxAction(space: Box, action: unknown): action is Float32Array {
  if (!(action instanceof Float32Array) || action.length !== space.size) return false;
  for (let i = 0; i < action.length; i++) if (!Number.isFinite(action[i])) return false;
  return true;
}

/** The error for a value that {@link requireAction} has found to be wrong. */
function actionError(argument: string, space: Space, action: unknown): Error {
  if (space.kind === "discrete") return new OptionError(expectation(argument, `an integer in [0, ${space.n})`, action));
  if (space.kind !== "box") return choicesError(argument, space, action);
  const allowed = `a Float32Array of ${space.size} finite ${space.size === 1 ? "number" : "numbers"}`;
  if (!(action instanceof Float32Array)) return new OptionError(expectation(argument, allowed, action));
  if (action.length !== space.size) return new ShapeError(expectation(argument, allowed, action));
  const wrong = action.find((value) => !Number.isFinite(value));
  return new NumericalError(expectation(argument, allowed, wrong));
}

function choicesError(argument: string, { counts, size }: Choices, action: unknown): Error {
  const allowed = `an Int32Array of ${size} ${size === 1 ? "choice" : "choices"}`;
  if (!(action instanceof Int32Array)) return new OptionError(expectation(argument, allowed, action));
  if (action.length !== size) return new ShapeError(expectation(argument, allowed, action));
  const axis = action.findIndex((choice, i) => choice >>> 0 >= counts[i]);
  return new OptionError(expectation(`${argument}, element ${axis}`, `an integer in [0, ${counts[axis]})`, action[axis]));
}

function wrongArray(environment: string, allowed: string, actions: unknown): OptionError {
  return new OptionError(expectation(`actions of ${environment}`, allowed, actions));
}

function wrongLength(environment: string, length: number, actions: unknown): ShapeError {
  return new ShapeError(expectation(`actions of ${environment}`, `length ${length}`, actions));
}
