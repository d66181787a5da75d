import { compile, grad, input } from "@uphill/autodiff";
import type { Space } from "@uphill/envs";
import { globalNorm } from "@uphill/nn";
import type { ActorCritic, Pace, Rollout } from "@uphill/training";

/** ‖∇_θ log π(a | s)‖ over a policy's parameters, one step after the other: gradients of single steps are all that tell it. */
export class ScoreNorms<A extends Space> {
  readonly #program: ReturnType<typeof compileNorm>;

  constructor(model: ActorCritic<A>) {
    this.#program = compileNorm(model);
  }

  /** @returns `[T, N]`: the norm at each marked step, 0 at the others. */
  async perStep({ observations, actions }: Rollout<A>, marks: Uint8Array, pace: Pace): Promise<Float64Array> {
    const norms = new Float64Array(marks.length);
    const [width, size] = [observations.length / marks.length, actions.length / marks.length];
    for (let i = 0; i < marks.length; i++) {
      if (marks[i] === 0) continue;
      this.#program.execute({
        observation: observations.subarray(i * width, (i + 1) * width),
        action: actions.subarray(i * size, (i + 1) * size),
      });
      norms[i] = this.#program.scalar("norm");
      if (pace.due) await pace.turn();
    }
    return norms;
  }
}

function compileNorm({ policy, policyParameters }: ActorCritic) {
  const observation = input("observation", [1, policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", [1, ...distribution.eventShape], distribution.dtype);
  const norm = globalNorm(grad(distribution.logProbability(action).sum(), policyParameters));
  return compile({ inputs: { observation, action }, outputs: { norm }, store: policy.store });
}
