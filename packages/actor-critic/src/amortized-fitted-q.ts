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
 *     weights before, by Adam with a step size that falls to 0 in each fit.
 *  3. Targets of the next iteration take Q at the policy's action: y = r + γ Q(s′, π(s′)).
 *  4. It stops as fitted Q-iteration does: δ is the mean change of Q over the base points.
 */
import { compile, constant, grad, input, Store } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { Random, requireInteger, requireNumber, requireString } from "@uphill/core-math";
import { deterministic } from "@uphill/distributions";
import { box } from "@uphill/envs";
import type { Box } from "@uphill/envs";
import { adam } from "@uphill/nn";
import { EventLoopPacer, ObservationScaling, Policy } from "@uphill/training";
import type { NetworkOptions } from "@uphill/training";
import type { ActionCode } from "./fitted-q/action-code.js";
import { knownFittedQOptions } from "./fitted-q/fitted-q-iteration.js";
import type { FittedQ, FittedQOptions } from "./fitted-q/fitted-q-iteration.js";
import { iterateFits } from "./fitted-q/iterate-fits.js";
import { bestOf, rowsOf } from "./fitted-q/maximizer.js";
import type { Maximum, States } from "./fitted-q/maximizer.js";
import type { FittedFunction } from "./fitted-q/regression.js";
import { BoundedBox } from "./internal/bounded-box.js";
import { deterministicActor } from "./internal/deterministic-actor.js";
import { requireKnown } from "./internal/require-known.js";
import { requireMethod } from "./internal/require-method.js";
import { shuffledParts } from "./internal/shuffled-parts.js";

/** What {@link amortizedFittedQ} takes: as `fittedQIteration`, with the real optimiser as `maximize`. */
export interface AmortizedFittedQOptions<A extends Box = Box> extends FittedQOptions<A>, Partial<Pick<NetworkOptions, "hiddenWidths" | "activation">> {
  /** Base points whose maximisers are searched for in an iteration. Default 1000. */
  readonly subset?: number;
  /** K, iterations whose maximisers the policy is fitted to. Default 5. */
  readonly window?: number;
  /** Passes over the window in each fit of the policy. Default 20. */
  readonly policyEpochs?: number;
  /** Adam's step size for the policy, which falls to 0 along a line in each fit. Default 1e-3. */
  readonly policyLearningRate?: number;
  /** Fixes the policy's weights, the subsets and the shuffles. Default 0. */
  readonly seed?: number;
  /** Name of the environment that the transitions are of, which the policy carries. Default "offline". */
  readonly environmentId?: string;
}

const knownOptions: Readonly<Record<keyof AmortizedFittedQOptions, true>> = {
  ...knownFittedQOptions,
  hiddenWidths: true,
  activation: true,
  subset: true,
  window: true,
  policyEpochs: true,
  policyLearningRate: true,
  seed: true,
  environmentId: true,
};

/**
 * What {@link amortizedFittedQ} found: what `fittedQIteration` finds, where `act` asks the policy as it is when asked, and
 * the policy.
 */
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
  const { transitions, maximize } = requireKnown("options", options, knownOptions);
  const environmentId = requireString("environmentId", options.environmentId ?? "offline");
  requireMethod("transitions", transitions, "gather");
  requireMethod("maximize", maximize, "maximize");
  const { actionSpace, observationSize } = transitions;
  const { store, distribution, greedy } = policyOfMaximisers(options);
  const fitted = await iterateFits(options, greedy);
  const observationSpace = box({ low: -Infinity, high: Infinity, shape: [observationSize] });
  return { ...fitted, policy: new Policy({ environmentId, algorithm: "amortized-fitted-q", observationSpace, actionSpace, store, distribution }) };
}

/** A policy that follows each Q: fitted to its maximisers at some states, and to those of the last ones before it. */
function policyOfMaximisers<A extends Box>(options: AmortizedFittedQOptions<A>) {
  const { transitions, maximize, signal } = options;
  const subset = requireInteger("subset", options.subset ?? 1000, { least: 1 });
  const window = requireInteger("window", options.window ?? 5, { least: 1 });
  const epochs = requireInteger("policyEpochs", options.policyEpochs ?? 20, { least: 1 });
  const learningRate = requireNumber("policyLearningRate", options.policyLearningRate ?? 1e-3, { above: 0 });
  const random = new Random(requireInteger("seed", options.seed ?? 0, { least: 0 }));
  const actionBox = new BoundedBox(transitions.actionSpace);
  const { store, distribution, act, regress, scaling } = makePolicy(options, actionBox, random);
  const stream = random.split("subsets");
  const kept: Maximisers[] = [];
  const pacer = new EventLoopPacer();

  async function follow(q: FittedFunction, states: States, code: ActionCode): Promise<void> {
    if (kept.length === 0) scaling.update(states.observations, store);
    const some = statesAt(states, stream.permutation(states.count).subarray(0, subset));
    kept.push({ observations: some.observations, codes: maximize.maximize(q, some, code).codes });
    if (kept.length > window) kept.shift();
    const seen = Float32Array.from(kept.flatMap(({ observations }) => [...observations]));
    const wanted = Float32Array.from(kept.flatMap(({ codes }) => [...codes]));
    let left = epochs * Math.ceil(wanted.length / code.size / MINIBATCH);
    const rate = learningRate / left;
    for (const [observation, target] of shuffledParts(stream, { size: MINIBATCH, epochs }, [seen, states.observationSize], [wanted, code.size])) {
      regress.execute({ observation, target, learningRate: rate * left-- });
      if (pacer.due) await pacer.turn();
      signal?.throwIfAborted();
    }
  }

  function best(q: FittedFunction, states: States, code: ActionCode): Maximum {
    act.execute({ observation: states.observations });
    const actions = act.view("code");
    const rows = rowsOf(states, code.size, 1, (target, start, state) => {
      for (let k = 0; k < code.size; k++) target[start + k] = actions[state * code.size + k];
    });
    return bestOf(rows, q.predict(rows), states, 1);
  }

  return { store, distribution, greedy: { best, follow } };
}

/** States of one iteration, and the codes of their maximisers. */
interface Maximisers {
  readonly observations: Float32Array;
  readonly codes: Float32Array;
}

/** States in a step of Adam for the policy. */
const MINIBATCH = 128;

function statesAt({ observations, observationSize: size }: States, places: Int32Array): States {
  const some = new Float32Array(places.length * size);
  places.forEach((place, k) => some.set(observations.subarray(place * size, (place + 1) * size), k * size));
  return { observations: some, count: places.length, observationSize: size };
}

/** The policy's network, and the programs that play it and regress it. */
function makePolicy<A extends Box>({ transitions, hiddenWidths = [64, 64], activation = "tanh" }: AmortizedFittedQOptions<A>, actionBox: BoundedBox, random: Random) {
  const { observationSize } = transitions;
  const store = new Store();
  const scaling = new ObservationScaling(observationSize);
  const actor = deterministicActor(random, "policy", { hiddenWidths, activation, observationSize, box: actionBox });
  const play = (raw: Tensor): Tensor => actor.action(scaling.apply(raw));
  const observation = input("observation", ["batch", observationSize]);
  const target = input("target", ["batch", actionBox.size]);
  const learningRate = input("learningRate", []);
  const code = actionBox.toSymmetric(play(observation));
  const loss = code.sub(target).square().mean();
  const updates = adam(actor.parameters, grad(loss, actor.parameters), { learningRate });
  return {
    store,
    scaling,
    distribution: (raw: Tensor) => deterministic({ point: play(raw) }),
    act: compile({ inputs: { observation }, outputs: { code: code.clip(constant(-1), constant(1)) }, store }),
    regress: compile({ inputs: { observation, target, learningRate }, outputs: { loss }, updates, store }),
  };
}
