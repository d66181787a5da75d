import type { Environment, EnvironmentBatch, ResetOptions, Step, StepResults } from "../environment.js";
import type { JsonValue } from "../json.js";
import type { Box } from "../spaces/box.js";
import type { ActionOf, ActionsOf, Space } from "../spaces/space.js";
import { savesState } from "./saves-state.js";
import { stepArrays } from "./step-arrays.js";

/** The single form of an environment that is written as a batch: a batch of one. It checks nothing; a guard does. */
export class SingleOfBatch<A extends Space> implements Environment<A> {
  readonly observationSpace: Box;
  readonly actionSpace: A;
  readonly saveState?: () => JsonValue;
  readonly restoreState?: (state: JsonValue) => void;
  private readonly batch: EnvironmentBatch<A>;
  private readonly results: StepResults;
  private readonly discreteAction = new Int32Array(1);

  constructor(batch: EnvironmentBatch<A>) {
    this.batch = batch;
    this.observationSpace = batch.observationSpace;
    this.actionSpace = batch.actionSpace;
    this.results = stepArrays(1, batch.observationSpace.size);
    if (!savesState(batch)) return;
    this.saveState = () => batch.saveState();
    this.restoreState = (state) => {
      batch.restoreState(state);
    };
  }

  reset(options: ResetOptions = {}): Float32Array {
    this.batch.reset(0, options.seed, this.results.observations);
    return this.results.observations.slice();
  }

  step(action: ActionOf<A>): Step {
    const { results } = this;
    this.batch.step(this.asActions(action), results);
    const step = {
      observation: results.observations.slice(),
      reward: results.rewards[0],
      terminated: results.terminated[0] !== 0,
      truncated: results.truncated[0] !== 0,
    };
    const info = this.batch.info?.(0);
    return info === undefined ? step : { ...step, info };
  }

  close(): void {
    this.batch.close?.();
  }

  private asActions(action: ActionOf<Space>): ActionsOf<A> {
    if (typeof action !== "number") return action as ActionsOf<A>;
    this.discreteAction[0] = action;
    return this.discreteAction as ActionsOf<A>;
  }
}
