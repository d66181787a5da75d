import { StateError } from "@uphill/core-math";
import type { Environment, EnvironmentBatch, Step, StepResults } from "../environment.js";
import type { JsonValue } from "../json.js";
import type { Box } from "../spaces/box.js";
import { actionAt } from "../spaces/actions-of.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import { requireObservation, requireStep } from "./require-answer.js";
import { readList } from "./saved.js";
import { savesState } from "./saves-state.js";
import { errorThrownBy } from "./thrown-by.js";

/** Single environments as a batch, stepped one after the other: the adapter for those without a native vector form. */
export class SinglesBatch<A extends Space> implements EnvironmentBatch<A> {
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: A;
  readonly saveState?: () => JsonValue;
  readonly restoreState?: (state: JsonValue) => void;
  private readonly infos: Step["info"][];

  /**
   * @param id - The environments' name, for messages.
   * @param environments - At least one, all of the same spaces.
   * @param part - `first`: index of the first one, where these are part of a longer row. `enter`: called with the index
   *   of each environment before it is stepped or reset.
   */
  constructor(
    private readonly id: string,
    private readonly environments: readonly Environment<A>[],
    private readonly part: { readonly first: number; enter(index: number): void } = { first: 0, enter: () => undefined },
  ) {
    const [first] = environments;
    this.count = environments.length;
    this.infos = environments.map(() => undefined);
    this.observationSpace = first.observationSpace;
    this.actionSpace = first.actionSpace;
    environments.forEach((environment, index) => this.requireSameSpaces(environment, index));
    const savers = environments.filter((environment) => savesState(environment));
    if (savers.length < this.count) return;
    this.saveState = () => savers.map((environment) => environment.saveState());
    this.restoreState = (saved) => {
      const states = readList("state.environments", saved, this.count);
      savers.forEach((environment, index) => {
        environment.restoreState(states[index]);
      });
    };
  }

  reset(index: number, seed: number | undefined, observations: Float32Array): void {
    this.part.enter(this.part.first + index);
    try {
      const observation = this.environments[index].reset(seed === undefined ? {} : { seed });
      this.write(index, requireObservation(this.nameOf(index), this.observationSpace, observation), observations);
    } catch (error) {
      throw errorThrownBy("reset", this.nameOf(index), error);
    }
  }

  step(actions: ActionsOf<A>, results: StepResults, active?: Uint8Array): void {
    for (let i = 0; i < this.count; i++) {
      this.infos[i] = undefined;
      if (active?.[i] === 0) continue;
      this.part.enter(this.part.first + i);
      try {
        this.stepOne(i, actions, results);
      } catch (error) {
        throw errorThrownBy("step", this.nameOf(i), error);
      }
    }
  }

  info(index: number): Step["info"] {
    return this.infos[index];
  }

  close(): void {
    for (const environment of this.environments) environment.close?.();
  }

  private stepOne(index: number, actions: ActionsOf<A>, { observations, rewards, terminated, truncated }: StepResults): void {
    const answer = this.environments[index].step(actionAt(this.actionSpace, actions, index));
    const step = requireStep(this.nameOf(index), this.observationSpace, answer);
    this.write(index, step.observation, observations);
    rewards[index] = step.reward;
    terminated[index] = Number(step.terminated);
    truncated[index] = Number(step.truncated);
    this.infos[index] = step.info;
  }

  private write(index: number, observation: Float32Array, observations: Float32Array): void {
    observations.set(observation, index * this.observationSpace.size);
  }

  private nameOf(index: number): string {
    return `${this.id}, environment ${this.part.first + index}`;
  }

  private requireSameSpaces({ observationSpace, actionSpace }: Environment<A>, index: number): void {
    if (observationSpace.equals(this.observationSpace) && actionSpace.equals(this.actionSpace)) return;
    throw new StateError(`${this.nameOf(index)}: expected the spaces of environment 0, got others`);
  }
}
