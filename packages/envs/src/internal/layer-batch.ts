import { requireActions } from "../actions.js";
import type { EnvironmentBatch, StepResults } from "../environment.js";
import type { JsonValue } from "../json.js";
import type { Box } from "../spaces/box.js";
import type { ActionsOf, Space } from "../spaces/space.js";
import type { Layer } from "../wrappers/wrap.js";
import { readFields } from "./saved.js";
import { savesState } from "./saves-state.js";
import { resetRows } from "./vector-reset.js";

/** A batch with a layer over it, itself a batch. */
export class LayerBatch<A extends Space, B extends Space> implements EnvironmentBatch<B> {
  readonly count: number;
  readonly observationSpace: Box;
  readonly actionSpace: B;
  readonly saveState?: () => JsonValue;
  readonly restoreState?: (state: JsonValue) => void;
  readonly startStep?: (actions: ActionsOf<B>, active?: Uint8Array) => Promise<void>;
  /** What the wrapped environments show, where the layer shows something else. */
  private readonly inner: Float32Array | undefined;
  private innerResults: StepResults | undefined;
  private outerResults: StepResults | undefined;

  constructor(
    private readonly id: string,
    private readonly batch: EnvironmentBatch<A>,
    private readonly layer: Layer<A, B>,
  ) {
    this.count = batch.count;
    this.observationSpace = layer.observationSpace ?? batch.observationSpace;
    this.actionSpace = layer.actionSpace ?? (batch.actionSpace as unknown as B);
    if (layer.observe !== undefined) this.inner = new Float32Array(batch.count * batch.observationSpace.size);
    const start = batch.startStep?.bind(batch);
    if (start !== undefined) this.startStep = async (actions, active) => start(this.innerActions(actions, active), active);
    if (!savesState(batch)) return;
    this.saveState = () => ({ wrapper: layer.saveState?.() ?? null, environments: batch.saveState() });
    this.restoreState = (saved) => {
      const { wrapper, environments } = readFields("state", saved);
      batch.restoreState(environments);
      layer.restoreState?.(wrapper);
    };
  }

  reset(index: number, seed: number | undefined, observations: Float32Array): void {
    this.batch.reset(index, seed, this.inner ?? observations);
    this.begin(index, observations);
  }

  resetRows(rows: Uint8Array, seeds: ArrayLike<number> | undefined, observations: Float32Array): void {
    resetRows(this.batch, rows, seeds, this.inner ?? observations);
    for (let i = 0; i < this.count; i++) if (rows[i] !== 0) this.begin(i, observations);
  }

  step(actions: ActionsOf<B>, results: StepResults, active?: Uint8Array): void {
    const inner = this.resultsWithin(results);
    this.batch.step(this.innerActions(actions, active), inner, active);
    this.layer.step?.(inner, actions, active);
    if (this.layer.observe === undefined) return;
    if (active === undefined) {
      this.layer.observe(0, this.count, inner.observations, results.observations);
      return;
    }
    for (let i = 0; i < this.count; i++) {
      if (active[i] !== 0) this.layer.observe(i, i + 1, inner.observations, results.observations);
    }
  }

  info(index: number): Readonly<Record<string, unknown>> | undefined {
    const [below, own] = [this.batch.info?.(index), this.layer.info?.(index)];
    return own === undefined ? below : { ...below, ...own };
  }

  close(): void {
    this.batch.close?.();
    this.layer.close?.();
  }

  private begin(index: number, observations: Float32Array): void {
    const inner = this.inner ?? observations;
    this.layer.begin?.(index, inner);
    this.layer.observe?.(index, index + 1, inner, observations);
  }

  private innerActions(actions: ActionsOf<B>, active: Uint8Array | undefined): ActionsOf<A> {
    if (this.layer.act === undefined) return actions as ActionsOf<Space> as ActionsOf<A>;
    const inner = this.layer.act(actions, active);
    requireActions(`${this.id}, as its wrapper gave it`, this.batch.actionSpace, inner, this.count);
    return inner;
  }

  /** The caller's arrays, but for the observations where the layer shows others. */
  private resultsWithin(results: StepResults): StepResults {
    if (this.inner === undefined) return results;
    if (this.outerResults !== results || this.innerResults === undefined) {
      this.outerResults = results;
      this.innerResults = { ...results, observations: this.inner };
    }
    return this.innerResults;
  }
}
