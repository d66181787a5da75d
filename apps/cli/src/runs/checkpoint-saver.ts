import type { Agent } from "@uphill/training";
import type { RunFolder } from "@uphill/training/node";

/** Writes an agent's checkpoints to its run folder: now and then, and the best. */
export class CheckpointSaver {
  readonly #folder: RunFolder;
  readonly #agent: Agent;
  readonly #everyMs: number;
  #savedAt = -Infinity;
  #savedSteps: number | undefined;

  /**
   * @param folder - Where to.
   * @param agent - Whose.
   * @param everyMs - The least time between two checkpoints, in ms; the first and the best come at once.
   */
  constructor(folder: RunFolder, agent: Agent, everyMs: number) {
    this.#folder = folder;
    this.#agent = agent;
    this.#everyMs = everyMs;
  }

  /** After an iteration: saves what is due. The best is never ahead of the latest, from which the run goes on. */
  async afterIteration({ best }: { readonly best: boolean }): Promise<void> {
    if (best) await this.#folder.saveCheckpoint(this.#agent.checkpoint(), "best");
    if (best || performance.now() - this.#savedAt >= this.#everyMs) await this.#save();
  }

  /** At the end: saves what is not saved yet. */
  async finish(): Promise<void> {
    if (this.#savedSteps !== this.#agent.steps) await this.#save();
  }

  async #save(): Promise<void> {
    await this.#folder.saveCheckpoint(this.#agent.checkpoint());
    this.#savedAt = performance.now();
    this.#savedSteps = this.#agent.steps;
  }
}
