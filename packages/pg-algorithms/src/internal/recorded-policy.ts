import { compile, input } from "@uphill/autodiff";
import type { NumericArray, Program } from "@uphill/autodiff";
import type { ActorCritic } from "@uphill/training";
import { copiedOutputs, oldPolicy } from "./old-policy.js";
import type { OldPolicy } from "./old-policy.js";

/** Values to feed to a program, by the names of its inputs. */
type Feeds = Readonly<Record<string, NumericArray>>;

/**
 * The policy as it was in a rollout's states, while minibatches of them change it: its distributions' parameters, and
 * how far it has moved from them.
 */
export class RecordedPolicy {
  /** Inputs for the parameters that were recorded, and the distribution that they make. */
  readonly old: OldPolicy;
  readonly #recording: Program;
  readonly #divergence: Program;
  #whole: Feeds = {};

  /** @param model - Whose policy is recorded. */
  constructor({ policy }: ActorCritic) {
    const { store } = policy;
    const observation = input("observation", ["batch", policy.observationSpace.size]);
    const distribution = policy.distribution(observation);
    this.old = oldPolicy(distribution);
    this.#recording = compile({ inputs: { observation }, outputs: distribution.parameters, store });
    const klNats = this.old.distribution.kl(distribution).mean();
    this.#divergence = compile({ inputs: { observation, ...this.old.inputs }, outputs: { klNats }, store });
  }

  /** Records the policy of now in some states, `[rows, observation size]`. */
  record(observations: Float32Array): void {
    this.#recording.execute({ observation: observations });
    this.#whole = copiedOutputs(this.#recording, Object.keys(this.old.inputs));
  }

  /** What was recorded in some of the states, by their rows: to feed to {@link old}'s inputs. */
  rows(indices: Int32Array): Feeds {
    return Object.fromEntries(
      Object.entries(this.#whole).map(([name, values]) => {
        const { shape } = this.old.inputs[name];
        return [name, shape[0] === "batch" ? gathered(values, indices, shape.slice(1) as number[]) : values];
      }),
    );
  }

  /** What was recorded that is the same in all states. */
  shared(): Feeds {
    return Object.fromEntries(Object.entries(this.#whole).filter(([name]) => this.old.inputs[name].shape[0] !== "batch"));
  }

  /** E_s[KL(recorded‖now)] over the states that were recorded, in nats. */
  klNats(observations: Float32Array): number {
    this.#divergence.execute({ observation: observations, ...this.#whole });
    return this.#divergence.scalar("klNats");
  }
}

/** Some rows of an array, each of a shape. */
function gathered(values: NumericArray, indices: Int32Array, shape: readonly number[]): NumericArray {
  const size = shape.reduce((product, length) => product * length, 1);
  const rows = values.slice(0, indices.length * size);
  for (let row = 0; row < indices.length; row++) {
    for (let i = 0; i < size; i++) rows[row * size + i] = values[indices[row] * size + i];
  }
  return rows;
}
