import { compile, input, Store, webAssembly } from "@uphill/autodiff";
import type { AnyBackend, Tensor, Variable } from "@uphill/autodiff";
import { OptionError, requireObject } from "@uphill/core-math";
import type { Random, RandomState } from "@uphill/core-math";
import { fillNoise } from "@uphill/distributions";
import { definitionOf, frameStack } from "@uphill/envs";
import type { ActionsOf, EnvironmentSource, JsonValue, Space } from "@uphill/envs";
import type { Pace } from "../agent/abortable-pace.js";
import type { Snapshot } from "../agent/loop-body.js";
import { loadStoreTensors, storeTensors } from "../checkpoint/store-tensors.js";
import { ActionMask } from "../policy/action-mask.js";
import { KeptNoise } from "../policy/kept-noise.js";
import { policyNetwork, valueNetwork } from "../policy/networks.js";
import { noiseLength } from "../policy/noise-length.js";
import { ObservationScaling } from "../policy/observation-scaling.js";
import { Policy } from "../policy/policy.js";
import { withinBounds } from "../policy/within-bounds.js";
import { RolloutBuffer } from "../rollout/rollout-buffer.js";
import type { Rollout } from "../rollout/rollout.js";
import { TrainingEnvironments } from "../rollout/training-environments.js";
import type { OnPolicyOptions } from "./on-policy-options.js";

/** What acts and learns: a policy and a value function, networks of their own over the same observations. */
export interface ActorCritic<A extends Space = Space> {
  readonly policy: Policy<A>;
  readonly policyParameters: readonly Variable[];
  readonly valueParameters: readonly Variable[];
  /** V(s): from `["batch", observation size]`, as the environment gives it, to `["batch"]`. */
  value(observation: Tensor): Tensor;
  /** What runs updates; the store's own by default. */
  readonly backend?: AnyBackend | undefined;
}

/** What a {@link RolloutCollector} is made of. */
export interface CollectorOptions<A extends Space> {
  readonly env: EnvironmentSource<A>;
  /** The algorithm's name, which the policy carries. */
  readonly algorithm: string;
  readonly settings: Omit<OnPolicyOptions, "lambda">;
  /** How many of the last observations the policy sees as one, `[window, …shape]`; 1, the default, for one as it is. */
  readonly window?: number;
  /** The run's stream; what is used of it is split off by name. */
  readonly random: Random;
  /** What the model's updates are to run on; rollouts run on WebAssembly. */
  readonly backend?: AnyBackend | undefined;
}

/**
 * A policy and its value function at work in N environments: makes them from settings, runs rollouts, and saves and
 * restores all of it. Episodes run on from one rollout to the next.
 */
export class RolloutCollector<A extends Space> {
  readonly model: ActorCritic<A>;
  readonly environments: TrainingEnvironments<A>;
  readonly #scaling: ObservationScaling | null;
  readonly #noise: KeptNoise;
  readonly #actionStream: Random;
  readonly #programs: ReturnType<typeof compilePrograms>;
  readonly #buffer: RolloutBuffer<A>;

  constructor({ env, algorithm, settings, window = 1, random, backend }: CollectorOptions<A>) {
    const { environments: count, rolloutSteps, gamma } = settings;
    this.#actionStream = random.split("actions");
    this.environments = new TrainingEnvironments(window === 1 ? env : frameStack(env, window), {
      count,
      seed: random.split("environments").integer(2 ** 31),
      rewardScaling: settings.normalizeRewards ? { gamma } : null,
    });
    const { observationSpace, actionSpace } = this.environments.vector;
    const mask = settings.maskActions ? new ActionMask(observationSpace, actionSpace) : null;
    const seenSpace = mask?.seenSpace ?? observationSpace;
    const scaling = settings.normalizeObservations ? new ObservationScaling(seenSpace.size) : null;
    this.#scaling = scaling;
    const seen = (observation: Tensor): Tensor => {
      const part = mask?.seen(observation) ?? observation;
      return scaling?.apply(part) ?? part;
    };
    const actor = policyNetwork(random.split("policy"), { ...settings, observationSpace: seenSpace, actionSpace });
    const critic = valueNetwork(random.split("value"), { ...settings, observationSpace: seenSpace });
    const noiseSteps = noiseStepsOf(settings);
    this.#noise = new KeptNoise(noiseSteps);
    const policy = new Policy({
      environmentId: definitionOf(env).id,
      algorithm,
      observationSpace,
      actionSpace,
      actionMask: mask,
      noiseSteps,
      store: new Store({ backend: webAssembly({ deterministic: settings.deterministic }) }),
      distribution: (observation) => actor.distribution(seen(observation), mask?.mask(observation)),
    });
    this.model = {
      policy,
      policyParameters: actor.parameters,
      valueParameters: critic.parameters,
      value: (observation) => critic.value(seen(observation)),
      backend,
    };
    this.#programs = compilePrograms(this.model, count);
    this.#showWhereRead();
    this.#buffer = new RolloutBuffer(this.environments.vector, rolloutSteps);
  }

  /**
   * Begins an episode in every environment, and plays until each has ended once, as {@link collect} plays.
   *
   * @param steps - Steps that the budget allows each environment.
   * @param pace - Lets the event loop turn between steps.
   * @returns What happened, shorter than the episodes where the budget ends before them.
   * @throws OptionError where none ends within `rolloutSteps`.
   */
  async collectEpisodes(steps: number, pace: Pace): Promise<Rollout<A>> {
    this.environments.restart();
    const { vector } = this.environments;
    const ended = new Uint8Array(vector.count);
    const allEnded = (): boolean => {
      const { terminated, truncated } = vector;
      for (let n = 0; n < ended.length; n++) ended[n] |= terminated[n] | truncated[n];
      return ended.every((mark) => mark === 1);
    };
    const { capacity } = this.#buffer;
    const rollout = await this.collect(Math.min(capacity, steps), pace, allEnded);
    if (rollout.steps < capacity || ended.includes(1)) return rollout;
    throw new OptionError(`rolloutSteps: expected episodes that end within ${capacity} steps, got none that does`);
  }

  /**
   * Runs the policy in all environments, and the value function on what came after the last step.
   *
   * @param steps - Steps of each environment, at most the settings' `rolloutSteps`.
   * @param pace - Lets the event loop turn between steps.
   * @param enough - Whether to end before, asked after each step.
   * @returns What happened; advantages and returns are the caller's to write. Valid until the next call.
   * @throws OptionError, naming environment and index, for an action mask that allows nothing.
   */
  async collect(steps: number, pace: Pace, enough = (): boolean => false): Promise<Rollout<A>> {
    const { environments } = this;
    const { policy } = this.model;
    const [buffer, { act, evaluate, noise }] = [this.#buffer, this.#programs];
    const draw = (values: Float32Array): void => fillNoise(noise.kind, this.#actionStream, values);
    buffer.clear();
    this.#noise.renew();
    while (buffer.steps < steps) {
      const { observations } = environments.vector;
      policy.actionMask?.requireAllowed(policy.environmentId, observations);
      act.execute({ observation: observations, noise: this.#noise.next(this.#actionStream, noise.length, draw) });
      buffer.recordDecisions({
        observations,
        actions: act.view("action") as ActionsOf<A>,
        logProbabilities: act.view("logProbability"),
        values: act.view("value"),
      });
      environments.step(act.view("environmentAction") as ActionsOf<A>);
      buffer.recordOutcomes(environments.vector, environments.rewards);
      if (pace.due) await pace.turn();
      if (enough()) break;
    }
    evaluate.execute({ observation: buffer.bootstrapObservations(environments.vector.observations) });
    buffer.setBootstrapValues(evaluate.view("value"));
    return buffer.rollout();
  }

  /** Lets the environments write their observations where the acting program reads them, which a run lays out. */
  #showWhereRead(): void {
    const { act, noise } = this.#programs;
    const { vector } = this.environments;
    act.execute({ observation: vector.observations, noise: new Float32Array(noise.length) });
    vector.showIn(() => act.inputView("observation") as Float32Array);
  }

  /** Takes a rollout's observations into the statistics that normalise them; call it after the last update from it. */
  updateScaling({ observations }: Rollout<A>): void {
    const { store, actionMask } = this.model.policy;
    this.#scaling?.update(actionMask?.seenRows(observations) ?? observations, store);
  }

  /** Everything that decides what follows, with the algorithm's own streams beside it, which it names. */
  capture(streams: Readonly<Record<string, Random>>): Snapshot {
    const own = Object.entries(streams).map(([name, stream]) => [name, stream.state()]);
    return {
      tensors: storeTensors(this.model.policy.store),
      state: {
        environments: this.environments.capture(),
        scaling: this.#scaling?.capture() ?? null,
        actionStream: this.#actionStream.state(),
        ...Object.fromEntries(own),
      },
    };
  }

  /** Goes back to what {@link capture} gave, the same streams beside it. */
  restore({ tensors, state }: Snapshot, streams: Readonly<Record<string, Random>>): void {
    const saved = requireObject("checkpoint.state", state);
    loadStoreTensors(this.model.policy.store, tensors);
    this.environments.restore(saved["environments"] as JsonValue);
    this.#scaling?.restore(saved["scaling"] as JsonValue);
    this.#actionStream.restore(saved["actionStream"] as RandomState);
    for (const [name, stream] of Object.entries(streams)) stream.restore(saved[name] as RandomState);
  }
}

/** Acting and valuing, on the policy's store. */
function compilePrograms({ policy, value: valueOf }: ActorCritic, environments: number) {
  const { store, observationSpace, actionSpace } = policy;
  const observation = input("observation", ["batch", observationSpace.size]);
  const distribution = policy.distribution(observation);
  const value = valueOf(observation);
  const noise = input("noise", distribution.noise.shape);
  const sample = distribution.sampleWithLogProbability(noise);
  const act = compile({
    inputs: { observation, noise },
    outputs: {
      action: sample.value,
      environmentAction: withinBounds(sample.value, actionSpace),
      logProbability: sample.logProbability,
      value,
    },
    store,
  });
  const evaluate = compile({ inputs: { observation }, outputs: { value }, store });
  return { act, evaluate, noise: { kind: distribution.noise.kind, length: noiseLength(distribution, environments) } };
}

/** For how many steps the noise of actions is kept. */
function noiseStepsOf({ stateDependentNoise, noiseResampleSteps, rolloutSteps }: CollectorOptions<Space>["settings"]): number {
  if (stateDependentNoise) return noiseResampleSteps ?? rolloutSteps;
  if (noiseResampleSteps === null) return 1;
  throw new OptionError("noiseResampleSteps: expected stateDependentNoise with it, got it alone");
}
