import type { Environment, ResetOptions, Step } from "../environment.js";
import { readFields, readInteger } from "./saved.js";
import { savesState } from "./saves-state.js";
import type { JsonValue } from "../json.js";
import type { Box } from "../spaces/box.js";
import type { ActionOf, Space } from "../spaces/space.js";

/** Ends episodes after a number of steps; see {@link limitedEnvironment}. */
class TimeLimit<A extends Space> implements Environment<A> {
  readonly observationSpace: Box;
  readonly actionSpace: A;
  readonly saveState?: () => JsonValue;
  readonly restoreState?: (state: JsonValue) => void;
  private elapsed = 0;

  constructor(
    private readonly inner: Environment<A>,
    private readonly maxEpisodeSteps: number,
  ) {
    this.observationSpace = inner.observationSpace;
    this.actionSpace = inner.actionSpace;
    if (!savesState(inner)) return;
    this.saveState = () => ({ elapsed: this.elapsed, environment: inner.saveState() });
    this.restoreState = (saved) => {
      const { elapsed, environment } = readFields("state", saved);
      const steps = readInteger("state.elapsed", elapsed, 0, maxEpisodeSteps);
      inner.restoreState(environment);
      this.elapsed = steps;
    };
  }

  reset(options?: ResetOptions): Float32Array {
    const observation = this.inner.reset(options);
    this.elapsed = 0;
    return observation;
  }

  step(action: ActionOf<A>): Step {
    const step = this.inner.step(action);
    this.elapsed += 1;
    return this.elapsed < this.maxEpisodeSteps ? step : { ...step, truncated: true };
  }

  close(): void {
    this.inner.close?.();
  }
}

/**
 * The environment with episodes truncated after `maxEpisodeSteps` steps. The step that reaches the limit may also
 * terminate; then both flags hold, and the episode counts as terminated.
 *
 * @param environment - The environment to limit.
 * @param maxEpisodeSteps - A positive integer.
 */
export function limitedEnvironment<A extends Space>(environment: Environment<A>, maxEpisodeSteps: number): Environment<A> {
  return new TimeLimit(environment, maxEpisodeSteps);
}
