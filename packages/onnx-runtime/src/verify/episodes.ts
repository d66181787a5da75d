import { compile } from "@uphill/autodiff";
import { Random, ShapeError } from "@uphill/core-math";
import { actionAt, emptyActions, makeEnvironment, seenAs } from "@uphill/envs";
import type { ActionOf, EnvironmentSource, Space } from "@uphill/envs";
import type { ExportablePolicy } from "../policy/exportable-policy.js";
import type { PolicyExpressions } from "../policy/policy-expressions.js";
import type { ExportableDistribution } from "../policy/exportable-policy.js";
import type { Probe } from "./probes.js";

/** An episode without an end of its own is left here. */
const MOST_STEPS = 1_000;

/** What {@link playEpisodes} plays. */
export interface EpisodeOptions {
  readonly env: EnvironmentSource;
  readonly episodes: number;
  readonly seed: number;
}

/**
 * The observations of real episodes. In every second one the actions are random, so that states which the policy avoids
 * are seen too.
 *
 * @throws ShapeError where the environment's observations are of another length than the policy's.
 */
export function playEpisodes(
  policy: ExportablePolicy,
  { observation, action }: PolicyExpressions<ExportableDistribution>,
  { env, episodes, seed }: EpisodeOptions,
): Probe[] {
  const environment = makeEnvironment(seenAs(env, policy.observationSpace));
  const size = policy.observationSpace.size;
  if (environment.observationSpace.size !== size) {
    throw new ShapeError(`env: expected observations of length ${size}, got length ${environment.observationSpace.size}`);
  }
  const store = policy.store.copy();
  const program = compile({ inputs: { observation }, outputs: { action }, store });
  const mask = policy.actionMask?.mask(observation);
  const masking = mask && compile({ inputs: { observation }, outputs: { mask }, store });
  const random = new Random(seed).split("verify");
  const probes: Probe[] = [];
  for (let episode = 0; episode < episodes; episode++) {
    let seen = environment.reset({ seed: seed + episode });
    for (let step = 0, over = false; !over && step < MOST_STEPS; step++) {
      probes.push({ place: `episode ${episode}, step ${step}`, observation: seen.slice() });
      const allowed = masking?.run({ observation: seen }).mask as Int32Array | undefined;
      const chosen =
        episode % 2 === 0 ? program.run({ observation: seen }).action : sampleFrom(policy.actionSpace, random, allowed);
      const { observation: next, terminated, truncated } = environment.step(actionOf(policy.actionSpace, chosen));
      seen = next;
      over = terminated || truncated;
    }
  }
  environment.close?.();
  return probes;
}

/** Any action of the space; of a choice that has a mask, one that it allows. */
function sampleFrom(space: Space, random: Random, mask: Int32Array | undefined): ActionOf<Space> {
  return space.kind === "discrete" ? space.sample(random, mask) : space.sample(random);
}

function actionOf(space: Space, chosen: number | ArrayLike<number>): ActionOf<Space> {
  const actions = emptyActions(space, 1);
  actions.set(typeof chosen === "number" ? [chosen] : chosen);
  return actionAt(space, actions, 0);
}
