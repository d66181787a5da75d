/**
 * Asynchronous advantage actor-critic: workers on threads of their own play and learn at the same time, each from short
 * rollouts in environments of its own, on parameters that all of them share.
 *
 * Paper: Mnih, Badia, Mirza, Graves, Lillicrap, Harley, Silver and Kavukcuoglu 2016, "Asynchronous Methods for Deep
 * Reinforcement Learning", algorithm S3 and section 4.
 *
 * Details that matter in practice. [M] is that paper.
 *
 *  1. Each worker has a copy of the shared parameters, runs its policy for T steps in N environments of its own, takes a
 *     step of the copy, and adds that step to what is shared by then. Meanwhile others have added theirs: their number is
 *     the gradient's staleness, which reports give. Nothing corrects for it [M].
 *  2. One worker reads what it wrote: its run is A2C's, staleness 0, and the same seed gives the same bits. With more,
 *     the order of updates depends on the machine, and no two runs are alike; seeds fix weights, environments and the
 *     noise of actions alone.
 *  3. Nobody locks: where two workers write at the same time, one step may be lost in some of the parameters [M].
 *  4. RMSprop's averages are each worker's own [M's "RMSProp"], and begin each iteration as the first worker's. Sharing
 *     every step of them too [M's "Shared RMSProp"] doubles what crosses between the processor's cores, and cost a fourth
 *     of the speed. Decay 0.99, ε = 1e-5 added to the root [M has ε inside it].
 *  5. The first worker is the calling thread itself; each other one has a thread. One that dies is replaced, from where the
 *     last iteration left its environments, and the parameters stay; three deaths in a row without an update between are
 *     an error, as is whatever an environment throws.
 *  6. Workers take their rollouts from one budget, as fast as each goes, and pause where an iteration ends: what is
 *     reported, stored and resumed is a whole state, and budgets are exact.
 *  7. Advantages, value targets, loss and clipping of gradients are A2C's, with an entropy weight of 0.01 [M]. Episodes run
 *     on across rollouts.
 *  8. Policy and value are separate networks, 64 × 64 with tanh, orthogonal initial weights; gain 0.01 for the policy's
 *     output and 1 for the value's [M shares all but the last layer].
 *  9. The learning rate may fall over the budget [M].
 * 10. Observations may be normalised: by the statistics of the first worker's environments, for all, so that all play one
 *     policy. Rewards may be scaled: by each worker's own.
 */
import type { Backend } from "@uphill/autodiff";
import { expectation, OptionError, Random, requireObject } from "@uphill/core-math";
import { environments as ownEnvironments, definitionOf, moduleOf } from "@uphill/envs";
import type { EnvironmentSource, JsonValue, Space } from "@uphill/envs";
import { gaeAdvantages } from "@uphill/estimators";
import { scheduleValue } from "@uphill/nn";
import { divergenceError, newAgent, resumedAgent, RolloutCollector, storeTensors } from "@uphill/training";
import type { Agent, AgentMaker, Iteration, Learner, Pace, Policy, Snapshot } from "@uphill/training";
import { a3cOptions } from "./a3c-options.js";
import type { A3cOptions, A3cReport, A3cResolvedOptions } from "./a3c-options.js";
import { Crew } from "./a3c/crew.js";
import type { EpisodeReport, NamedEnvironment, Task, WorkerStart } from "./a3c/protocol.js";
import { SharedBudget } from "./a3c/shared-budget.js";
import { sharedMemory } from "./a3c/shared-memory.js";
import type { SharedMemory } from "./a3c/shared-memory.js";
import { SharedParameters } from "./a3c/shared-parameters.js";
import { averagedNames, UpdateTally } from "./a3c/update-tally.js";
import type { AveragedName } from "./a3c/update-tally.js";
import { actorCriticUpdate } from "./internal/actor-critic-update.js";

// Worker --------------------------------------------------------------------------------------------------------------

/** What a worker is made of: the thread that learns first has no memory to share yet. */
type WorkerOptions = Pick<WorkerStart, "settings" | "seed" | "worker"> & { readonly memory?: SharedMemory };

/** One worker: environments, a policy and a value function of its own, on parameters that are everyone's. */
export class A3cWorker<A extends Space> {
  readonly memory: SharedMemory;
  readonly parameters: SharedParameters;
  readonly collector: RolloutCollector<A>;
  readonly #settings: A3cResolvedOptions;
  readonly #isFirst: boolean;
  readonly #update: ReturnType<typeof actorCriticUpdate<Backend>>;
  readonly #budget: SharedBudget;

  constructor(env: EnvironmentSource<A>, { settings, seed, worker, memory }: WorkerOptions) {
    const random = new Random(seed);
    this.#settings = settings;
    this.#isFirst = worker === 0;
    this.collector = new RolloutCollector({
      env,
      algorithm: "a3c",
      settings,
      random: worker === 0 ? random : random.split(`worker ${worker}`),
    });
    const { policy, policyParameters, valueParameters } = this.collector.model;
    this.#update = actorCriticUpdate(settings, this.collector.model);
    const { store } = policy;
    this.memory = memory ?? sharedMemory(settings.workers, store);
    this.parameters = new SharedParameters({
      store,
      parameters: [...policyParameters, ...valueParameters],
      averages: store.variables().filter(({ name }) => name.startsWith("rmsProp/")),
      memory: this.memory,
      worker,
    });
    this.#budget = new SharedBudget(this.memory);
  }

  /** Learns until the budget is used up, or the iteration is to end. */
  async work({ learningRate, steps }: Task, pace: Pace): Promise<UpdateTally> {
    const { rolloutSteps, gamma, lambda } = this.#settings;
    const [budget, update] = [this.#budget, this.#update];
    const read = (name: AveragedName): number => update.scalar(name);
    const tally = new UpdateTally();
    // Phase 1: read the shared parameters; after an update they are what it left.
    this.parameters.read();
    for (let left = budget.claim(rolloutSteps); left > 0; left = budget.claim(rolloutSteps)) {
      // Phase 2: run the policy in N environments for T steps, with values of what came after the last step.
      const rollout = await this.collector.collect(left, pace, () => budget.stopped);
      if (budget.stopped) break;
      // Phase 3: advantages and value targets.
      gaeAdvantages({ ...rollout, gamma, lambda, out: rollout.advantages });
      for (let i = 0; i < rollout.returns.length; i++) rollout.returns[i] = rollout.advantages[i] + rollout.values[i];
      // Phase 4: one step of the copy, and the same one of the shared parameters, wherever they are by now.
      const { observations, actions, advantages, returns } = rollout;
      update.execute({ observation: observations, action: actions, advantage: advantages, valueTarget: returns, learningRate });
      if (!update.updatesApplied) throw divergenceError("a3c", averagedNames, read, steps);
      if (this.#isFirst) this.collector.updateScaling(rollout);
      tally.add(read, this.parameters.update(), rollout);
    }
    return tally;
  }

  get episodes(): EpisodeReport {
    return this.collector.environments.report;
  }

  /** Everything that decides what follows, but for the parameters. */
  get state(): JsonValue {
    return this.collector.capture({}).state;
  }

  /** Goes back to a {@link state}; the parameters stay. */
  restore(state: JsonValue): void {
    this.collector.restore({ tensors: storeTensors(this.collector.model.policy.store), state }, {});
  }

  close(): void {
    this.collector.environments.close();
  }
}

// Loop ----------------------------------------------------------------------------------------------------------------

/**
 * An A3C agent.
 *
 * @param options - `env`, `seed` and {@link A3cSettings}; tuned ones are in `a3cPresets`.
 * @returns The agent, untrained; the first worker's environments are reset, the others' threads start with training.
 * @throws OptionError naming an option that is unknown or out of its range, or an environment that other threads do not
 *   find. Training throws StateError where there are no threads, as in a browser, or a worker dies again and again.
 */
export function a3c<A extends Space>(options: A3cOptions<A>): Agent<A, A3cReport> {
  requireObject("options", options);
  const { script, ...others } = options;
  return newAgent(makerWith(script), others);
}

/**
 * The agent that {@link Agent.checkpoint} stored.
 *
 * @param checkpoint - The file's bytes.
 * @param env - The environment that it was trained on.
 * @param options - `script` as of {@link a3c}.
 * @returns The agent, at the end of the iteration that the checkpoint was taken after.
 * @throws FormatError where the bytes are damaged, of another algorithm, or of an environment of another name.
 */
export function resumeA3c<A extends Space>(
  checkpoint: Uint8Array,
  env: EnvironmentSource<A>,
  { script }: Pick<A3cOptions, "script"> = {},
): Agent<A, A3cReport> {
  return resumedAgent(makerWith(script), checkpoint, env);
}

class A3cLearner<A extends Space> implements Learner<A, A3cReport> {
  readonly policy: Policy<A>;
  readonly #settings: A3cResolvedOptions;
  readonly #first: A3cWorker<A>;
  readonly #budget: SharedBudget;
  readonly #crew: Crew;

  constructor(env: EnvironmentSource<A>, settings: A3cResolvedOptions, seed: number, script: URL) {
    this.#settings = settings;
    const environment = settings.workers === 1 ? { id: "" } : namedEnvironment(env, settings.workers);
    this.#first = new A3cWorker(env, { settings, seed, worker: 0 });
    const { memory, parameters, collector } = this.#first;
    this.policy = collector.model.policy;
    this.#budget = new SharedBudget(memory);
    this.#crew = new Crew(script, { environment, settings, seed, memory }, () => {
      this.#budget.stop();
    });
    parameters.publish();
  }

  async iterate({ progress, steps, remainingSteps, pace }: Iteration) {
    const { environments, rolloutSteps, updatesPerReport } = this.#settings;
    const learningRate = scheduleValue(this.#settings.learningRate, progress);
    const [first, crew, budget] = [this.#first, this.#crew, this.#budget];
    await crew.open(pace);
    const wanted = Math.min(rolloutSteps * updatesPerReport, Math.ceil(remainingSteps / environments));
    const taken = budget.begin(wanted) * environments;
    try {
      // All workers at once; each goes through its phases until the budget is used up.
      crew.assign({ learningRate, steps });
      const tally = await first.work({ learningRate, steps }, pace);
      const others = await crew.results(pace);
      first.parameters.settle();
      for (const { tally: other } of others) tally.merge(other);
      const episodes = merged([first.episodes, ...others.map((other) => other.episodes)]);
      const report = { ...episodes, ...tally.report, learningRate, replacedWorkers: crew.replacements };
      return { taken, report };
    } catch (error) {
      budget.stop();
      await crew.rest();
      throw error;
    }
  }

  capture(): Snapshot {
    const { tensors, state } = this.#first.collector.capture({});
    return { tensors, state: { workers: [state, ...this.#crew.states] } };
  }

  restore({ tensors, state }: Snapshot): void {
    const { workers } = state as { readonly workers: readonly JsonValue[] };
    this.#first.collector.restore({ tensors, state: workers[0] }, {});
    this.#first.parameters.publish();
    this.#crew.restore(workers.slice(1));
  }

  close(): void {
    this.#crew.close();
    this.#first.close();
  }
}

/** Where threads find an environment. */
function namedEnvironment(env: EnvironmentSource, workers: number): NamedEnvironment {
  const { id } = definitionOf(env);
  const imported = moduleOf(env);
  if (imported !== undefined) return imported;
  if (ownEnvironments.some((own) => own === env)) return { id };
  const needed = `with ${workers} workers, an environment of @uphill/envs, or what importEnvironment({ module, export }) returned`;
  throw new OptionError(`${expectation("env", needed, env)}: functions cannot be sent to threads`);
}

/** Episodes of all workers; means are those of each worker's last ones, by how many these are. */
function merged(reports: readonly EpisodeReport[]): EpisodeReport {
  const episodes = reports.reduce((sum, report) => sum + report.episodes, 0);
  const counted = reports.filter((report) => report.episodes > 0).map((report) => ({ ...report, weight: Math.min(report.episodes, 100) }));
  const weight = counted.reduce((sum, report) => sum + report.weight, 0);
  const mean = (of: (report: EpisodeReport) => number): number =>
    counted.reduce((sum, report) => sum + report.weight * of(report), 0) / weight;
  return { episodes, meanReturn: mean((report) => report.meanReturn), meanLength: mean((report) => report.meanLength) };
}

function makerWith(script: string | URL = new URL("./a3c-worker.js", import.meta.url)): AgentMaker<typeof a3cOptions, A3cReport> {
  return {
    algorithm: "a3c",
    options: a3cOptions,
    learner: (env, settings, seed, backend) => {
      if (backend === undefined) return new A3cLearner(env, settings, seed, new URL(script));
      throw new OptionError(`backend: expected none, since the threads' updates change shared memory at once, got ${backend.name}`);
    },
  };
}
