import type { EnvironmentDefinition, Space } from "@uphill/envs";
import { encodeOnnx } from "@uphill/onnx-runtime";
import { ppo } from "@uphill/pg-algorithms";
import type { PpoReport } from "@uphill/pg-algorithms";
import { evaluatePolicy, TrainingWarnings } from "@uphill/training";
import type { Agent } from "@uphill/training";
import { environmentOf } from "../environments.js";
import { fileName } from "../file-name.js";
import type { FileFormat, Post, RunSettings } from "../protocol.js";
import { Batch } from "./batch.js";
import { failure } from "./failure.js";
import { Playback } from "./playback.js";

const REPORTS_EVERY_MS = 100;
const EVALUATION_EPISODES = 100;
// Seeds of episodes that are not trained on.
const EVALUATION_SEED = 1_000_000_000;
const PLAYBACK_SEED = 2_000_000_000;

/** One agent and what the page does with it: train, stop, resume, watch, save. */
export class TrainingRun {
  readonly #settings: RunSettings;
  readonly #post: Post;
  readonly #environment: EnvironmentDefinition;
  readonly #agent: Agent<Space, PpoReport>;
  readonly #playback: Playback;
  readonly #warnings: TrainingWarnings;
  /** Stops what is under way: training, or the evaluation after it. */
  #current = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #training = false;
  /** What is to be saved at the end of the iteration. */
  #toSave: FileFormat[] = [];

  /**
   * @param settings - What to train.
   * @param post - Takes what there is to tell.
   * @throws OptionError naming the option that is wrong, or an environment that is unknown.
   */
  constructor(settings: RunSettings, post: Post) {
    const { environment, seed, options } = settings;
    this.#settings = settings;
    this.#post = post;
    this.#environment = environmentOf(environment);
    this.#agent = ppo({ ...options, env: this.#environment, seed });
    this.#warnings = new TrainingWarnings(this.#agent.policy.actionSpace);
    this.#playback = new Playback(this.#agent.policy, this.#environment, PLAYBACK_SEED);
  }

  /**
   * Trains, then evaluates; ends what was under way before.
   *
   * @param steps - The budget; left out, an interrupted one is finished.
   */
  train(steps?: number): void {
    this.#current.abort();
    const training = new AbortController();
    this.#current = training;
    this.#work = this.#work
      .then(() => this.#train(training.signal, steps))
      .then(() => this.#evaluateAfter(training))
      .catch((error: unknown) => this.#post(failure(error)));
  }

  /** Ends training at the last finished iteration, or the evaluation without a result. */
  stop(): void {
    this.#current.abort();
  }

  /** Plays the policy of the moment on, and posts what happened. */
  play(count: number): void {
    const moments = this.#playback.play(count);
    const { observations, actions, steps, returns } = moments;
    this.#post({ kind: "played", moments }, [observations.buffer, actions.buffer, steps.buffer, returns.buffer]);
  }

  /** Posts the agent of the last finished iteration as a file. */
  save(format: FileFormat): void {
    if (this.#training) this.#toSave.push(format);
    else this.#save(format);
  }

  /** Ends everything; nothing is posted afterwards. */
  async close(): Promise<void> {
    this.#current.abort();
    this.#current = new AbortController();
    await this.#work;
    this.#playback.close();
    this.#agent.close();
  }

  async #train(signal: AbortSignal, steps?: number): Promise<void> {
    const agent = this.#agent;
    const reports = new Batch<PpoReport>((batch) => this.#post({ kind: "reports", reports: batch }), REPORTS_EVERY_MS);
    this.#training = true;
    try {
      for await (const report of agent.train({ signal, ...(steps === undefined ? {} : { steps }) })) {
        reports.add(report);
        const warnings = this.#warnings.take(report);
        // The page hears of the iteration before it hears what is wrong with it.
        if (warnings.length > 0) reports.flush();
        for (const warning of warnings) this.#post({ kind: "warned", warning });
        this.#saveWaiting();
      }
    } finally {
      this.#training = false;
      reports.flush();
      this.#saveWaiting();
      this.#post({ kind: "paused", steps: agent.steps, targetSteps: agent.targetSteps });
    }
  }

  /** Evaluates the policy, unless another command has come since. */
  async #evaluateAfter(training: AbortController): Promise<void> {
    if (this.#current !== training) return;
    const { signal } = (this.#current = new AbortController());
    try {
      const settings = { episodes: EVALUATION_EPISODES, seed: EVALUATION_SEED, signal };
      const { meanReturn, standardDeviation } = await evaluatePolicy(this.#agent.policy, this.#environment, settings);
      this.#post({ kind: "evaluated", result: { episodes: EVALUATION_EPISODES, meanReturn, standardDeviation } });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #saveWaiting(): void {
    for (const format of this.#toSave.splice(0)) this.#save(format);
  }

  #save(format: FileFormat): void {
    const { policy, steps } = this.#agent;
    const { environmentId: environment, algorithm } = policy;
    const name = fileName({ environment, algorithm, seed: this.#settings.seed, steps }, format);
    const bytes = format === "onnx" ? encodeOnnx(policy) : this.#agent.checkpoint();
    this.#post({ kind: "saved", name, bytes }, [bytes.buffer]);
  }
}
