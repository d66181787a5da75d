/**
 * Amortised fitted Q-iteration: as fitted Q-iteration, but a policy that is regressed on maximisers stands in for the
 * search for them, so that only a part of the base points has to be maximised over in each iteration.
 *
 * Details that matter in practice.
 *
 *  1. Each iteration maximises Q over actions at a subset of the base points, drawn anew, and keeps states and maximisers
 *     in a window of the last K iterations, n − K + 1 … n. Those of earlier iterations are maximisers of an older Q:
 *     stale, and better than none.
 *  2. The policy is fitted to the whole window by squared errors of actions on the scale of their bounds, from the
 *     weights before.
 *  3. Targets of the next iteration take Q at the policy's action: y = r + γ Q(s′, π(s′)).
 *  4. It stops as fitted Q-iteration does: δ is the mean change of Q over the base points.
 */
import { compile, constant, grad, input, Store } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { Random, requireInteger, requireNumber } from "@uphill/core-math";
import { deterministic } from "@uphill/distributions";
import { box } from "@uphill/envs";
import type { Box } from "@uphill/envs";
import { adam } from "@uphill/nn";
import { Policy } from "@uphill/training";
import type { NetworkOptions } from "@uphill/training";
import type { ActionCode } from "./fitted-q/action-code.js";
import { fittedQIteration } from "./fitted-q/fitted-q-iteration.js";
import type { FittedQ, FittedQOptions } from "./fitted-q/fitted-q-iteration.js";
import type { Maximizer, Maximum, States } from "./fitted-q/maximizer.js";
import type { FittedFunction } from "./fitted-q/regression.js";
import { BoundedBox } from "./internal/bounded-box.js";
import { deterministicActor } from "./internal/deterministic-actor.js";
import { shuffledParts } from "./internal/shuffled-parts.js";

/** What {@link amortizedFittedQ} takes: as `fittedQIteration`, with the real optimiser as `maximize`. */
export interface AmortizedFittedQOptions<A extends Box = Box> extends FittedQOptions<A>, Partial<NetworkOptions> {
  /** Base points whose maximisers are searched for in an iteration. Default 500. */
  readonly subset?: number;
  /** K, iterations whose maximisers the policy is fitted to. Default 5. */
  readonly window?: number;
  /** Passes over the window in each fit of the policy. Default 20. */
  readonly policyEpochs?: number;
  /** Adam's step size for the policy. Default 1e-3. */
  readonly policyLearningRate?: number;
  /** Fixes the policy's weights, the subsets and the shuffles. Default 0. */
  readonly seed?: number;
  /** Name of the environment that the transitions are of, which the policy carries. Default "offline". */
  readonly environmentId?: string;
}

/** What {@link amortizedFittedQ} found: what `fittedQIteration` finds, where `act` asks the policy, and the policy. */
export interface AmortizedFittedQ<A extends Box = Box> extends FittedQ<A> {
  /** π, ready to play, to evaluate and to export. */
  readonly policy: Policy<A>;
}

/**
 * Fitted Q-iteration with a policy for the maximisers:
 *
 *     Q ← fit of  r + γ Q(s′, π(s′));      π ← arg min Σ ‖π(s) − a*(s)‖²  over the window's states,  a*(s) = arg max Q(s, ·)
 *
 * @param options - See {@link AmortizedFittedQOptions}.
 * @returns Q, the policy, and how it stopped.
 * @throws as `fittedQIteration`, and OptionError for the options above.
 */
export async function amortizedFittedQ<A extends Box>(options: AmortizedFittedQOptions<A>): Promise<AmortizedFittedQ<A>> {
  const { transitions, maximize, environmentId = "offline" } = options;
  const amortized = new PolicyMaximizer(options, maximize);
  const fitted = await fittedQIteration({ ...options, maximize: amortized });
  const { actionSpace, observationSize } = transitions;
  const observationSpace = box({ low: -Infinity, high: Infinity, shape: [observationSize] });
  const { store, distribution } = amortized;
  return { ...fitted, policy: new Policy({ environmentId, algorithm: "amortized-fitted-q", observationSpace, actionSpace, store, distribution }) };
}

/** States of one iteration, and the codes of their maximisers. */
interface Maximisers {
  readonly observations: Float32Array;
  readonly codes: Float32Array;
}

/** Takes Q at the policy's actions, after fitting the policy to maximisers of the Q that it is given. */
class PolicyMaximizer implements Maximizer {
  readonly store = new Store();
  readonly distribution: (observation: Tensor) => ReturnType<typeof deterministic>;
  readonly #search: Maximizer;
  readonly #programs: ReturnType<typeof compileRegression>;
  readonly #settings: { readonly subset: number; readonly window: number; readonly epochs: number };
  readonly #stream: Random;
  readonly #window: Maximisers[] = [];
  #fittedTo: FittedFunction | undefined;

  constructor(options: AmortizedFittedQOptions, search: Maximizer) {
    const { transitions, hiddenWidths = [64, 64], activation = "tanh" } = options;
    this.#settings = {
      subset: requireInteger("subset", options.subset ?? 500, { least: 1 }),
      window: requireInteger("window", options.window ?? 5, { least: 1 }),
      epochs: requireInteger("policyEpochs", options.policyEpochs ?? 20, { least: 1 }),
    };
    const learningRate = requireNumber("policyLearningRate", options.policyLearningRate ?? 1e-3, { above: 0 });
    const random = new Random(requireInteger("seed", options.seed ?? 0, { least: 0 }));
    const actionBox = new BoundedBox("transitions", transitions.actionSpace);
    const { observationSize } = transitions;
    const actor = deterministicActor(random, "policy", { hiddenWidths, activation, observationSize, box: actionBox });
    this.distribution = (observation) => deterministic({ point: actor.action(observation) });
    this.#search = search;
    this.#stream = random.split("subsets");
    this.#programs = compileRegression(actor, actionBox, observationSize, learningRate, this.store);
  }

  maximize(q: FittedFunction, states: States, code: ActionCode): Maximum {
    if (this.#fittedTo !== q && states.count > 1) this.#fit(q, states, code);
    const { act } = this.#programs;
    act.execute({ observation: states.observations });
    const codes = Float32Array.from(act.view("code"));
    const width = states.observationSize + code.size;
    const rows = new Float32Array(states.count * width);
    for (let n = 0; n < states.count; n++) {
      rows.set(states.observations.subarray(n * states.observationSize, (n + 1) * states.observationSize), n * width);
      rows.set(codes.subarray(n * code.size, (n + 1) * code.size), n * width + states.observationSize);
    }
    return { values: q.predict(rows), codes };
  }

  #fit(q: FittedFunction, { observations, count, observationSize }: States, code: ActionCode): void {
    const { subset, window, epochs } = this.#settings;
    const drawn = this.#stream.permutation(count).subarray(0, subset);
    const some = new Float32Array(drawn.length * observationSize);
    drawn.forEach((state, k) => some.set(observations.subarray(state * observationSize, (state + 1) * observationSize), k * observationSize));
    const { codes } = this.#search.maximize(q, { observations: some, count: drawn.length, observationSize }, code);
    this.#window.push({ observations: some, codes });
    if (this.#window.length > window) this.#window.shift();
    const seen = Float32Array.from(this.#window.flatMap((part) => [...part.observations]));
    const wanted = Float32Array.from(this.#window.flatMap((part) => [...part.codes]));
    const { regress } = this.#programs;
    for (const [observation, target] of shuffledParts(this.#stream, { size: 128, epochs }, [seen, observationSize], [wanted, code.size])) {
      regress.execute({ observation, target });
    }
    this.#fittedTo = q;
  }
}

function compileRegression(
  actor: ReturnType<typeof deterministicActor>,
  actionBox: BoundedBox,
  observationSize: number,
  learningRate: number,
  store: Store,
) {
  const observation = input("observation", ["batch", observationSize]);
  const target = input("target", ["batch", actionBox.size]);
  const code = actionBox.toSymmetric(actor.action(observation)).clip(constant(-1), constant(1));
  const loss = actionBox.toSymmetric(actor.action(observation)).sub(target).square().mean();
  const updates = adam(actor.parameters, grad(loss, actor.parameters), { learningRate });
  return {
    act: compile({ inputs: { observation }, outputs: { code }, store }),
    regress: compile({ inputs: { observation, target }, outputs: { loss }, updates, store }),
  };
}
