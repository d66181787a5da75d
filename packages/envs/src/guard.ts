import { StateError } from "@uphill/core-math";
import { requireAction } from "./actions.js";
import type { Environment, ResetOptions, Step } from "./environment.js";
import { requireObservation, requireStep } from "./internal/require-answer.js";
import { resetSeed } from "./internal/reset-seed.js";
import { readFields, readFlag, requireSavedBy } from "./internal/saved.js";
import { savesState } from "./internal/saves-state.js";
import type { JsonValue } from "./json.js";
import type { Box } from "./spaces/box.js";
import type { ActionOf, Space } from "./spaces/space.js";

/** An environment that refuses what makes no sense; see {@link guard}. */
export interface GuardedEnvironment<A extends Space = Space> extends Environment<A> {
  /** The environment's name, as errors give it. */
  readonly id: string;
  close(): void;
}

class Guard<A extends Space> implements GuardedEnvironment<A> {
  readonly observationSpace: Box;
  readonly actionSpace: A;
  readonly saveState?: () => JsonValue;
  readonly restoreState?: (state: JsonValue) => void;
  private running = false;
  private closed = false;

  constructor(
    private readonly inner: Environment<A>,
    readonly id: string,
  ) {
    this.observationSpace = inner.observationSpace;
    this.actionSpace = inner.actionSpace;
    if (!savesState(inner)) return;
    this.saveState = () => {
      this.requireOpen("saveState");
      return { id, running: this.running, environment: inner.saveState() };
    };
    this.restoreState = (saved) => {
      this.requireOpen("restoreState");
      const fields = readFields("state", saved);
      requireSavedBy(id, fields["id"]);
      const running = readFlag("state.running", fields["running"]);
      this.running = false;
      inner.restoreState(fields["environment"]);
      this.running = running;
    };
  }

  reset(options?: ResetOptions): Float32Array {
    this.requireOpen("reset");
    const seed = resetSeed(this.id, options);
    this.running = false;
    const observation = this.inner.reset(seed === undefined ? {} : { seed });
    requireObservation(this.id, this.observationSpace, observation);
    this.running = true;
    return observation;
  }

  step(action: ActionOf<A>): Step {
    this.requireOpen("step");
    if (!this.running) throw new StateError(`step of ${this.id}: expected a reset first, as no episode is under way`);
    requireAction(this.id, this.actionSpace, action);
    this.running = false;
    const step = requireStep(this.id, this.observationSpace, this.inner.step(action));
    this.running = !step.terminated && !step.truncated;
    return step;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.inner.close?.();
  }

  private requireOpen(call: string): void {
    if (this.closed) throw new StateError(`${call} of ${this.id}: expected an open environment, but it was closed`);
  }
}

/**
 * The environment with its calls checked: what every environment owes its callers, so that none has to write it.
 *
 * - `step` before `reset`, after the episode's end, or after a call that threw: StateError, as is anything after
 *   `close`; closing twice is allowed.
 * - An action that is none: {@link requireAction}'s errors. A seed that is no non-negative safe integer, or an option
 *   other than `seed`: OptionError.
 * - An observation of another length or with NaN in it, a reward that is not finite, flags that are not booleans:
 *   ShapeError, NumericalError or OptionError, at the step where they first appear.
 *
 * `makeEnvironment` applies it.
 *
 * @param environment - Any environment.
 * @param id - Its name, for the messages.
 */
export function guard<A extends Space>(environment: Environment<A>, id: string): GuardedEnvironment<A> {
  return new Guard(environment, id);
}
