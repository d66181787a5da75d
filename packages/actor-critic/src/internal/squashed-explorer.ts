import { compile, input } from "@uphill/autodiff";
import type { Program, Tensor } from "@uphill/autodiff";
import type { Random } from "@uphill/core-math";
import type { Space, VectorEnvironment } from "@uphill/envs";
import type { ReplayMemory } from "./replay-memory.js";
import type { SquashedActor } from "./squashed-actor.js";

/** What of an explorer decides what follows. A type and no interface, so that it is a JSON value as it is. */
export type ExplorerState = { readonly noiseUses: number; readonly noise: readonly number[] };

/** A stochastic policy at play in N environments, each with noise of its own that is kept for some steps. */
export class SquashedExplorer<A extends Space> {
  readonly #program: Program<{ observation: Tensor; noise: Tensor }, { action: Tensor }>;
  readonly #noise: Float32Array;
  readonly #noiseSteps: number;
  #noiseUses = 0;

  /**
   * @param count - N.
   * @param noiseSteps - Steps for which a draw of the noise is kept.
   */
  constructor(actor: SquashedActor, memory: ReplayMemory<A>, count: number, noiseSteps: number) {
    const observation = input("observation", ["batch", memory.buffer.observationSize]);
    const noise = input("noise", ["batch", ...actor.noiseShape]);
    const action = actor.explore(memory.scaled(observation), noise);
    this.#program = compile({ inputs: { observation, noise }, outputs: { action }, store: memory.store });
    this.#noise = new Float32Array(actor.noiseShape.reduce((length, size) => length * size, count));
    this.#noiseSteps = noiseSteps;
  }

  /**
   * The actions of all environments.
   *
   * @returns `[N, size]`, valid until the next call.
   */
  act({ observations }: VectorEnvironment<A>, random: Random): Float32Array {
    if (this.#noiseUses === 0) random.fillStandardNormal(this.#noise);
    this.#noiseUses = (this.#noiseUses + 1) % this.#noiseSteps;
    this.#program.execute({ observation: observations, noise: this.#noise });
    return this.#program.view("action") as Float32Array;
  }

  capture(): ExplorerState {
    return { noiseUses: this.#noiseUses, noise: [...this.#noise] };
  }

  restore({ noiseUses, noise }: ExplorerState): void {
    this.#noiseUses = noiseUses;
    this.#noise.set(noise);
  }
}
