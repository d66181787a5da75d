import { compile, grad, input } from "@uphill/autodiff";
import type { AnyBackend, Backend } from "@uphill/autodiff";
import { clipByGlobalNorm, rmsProp } from "@uphill/nn";
import type { ActorCritic } from "@uphill/training";
import { actorCriticLoss } from "../actor-critic-loss.js";

/** The loss's settings, and the bound on its gradients' global norm. */
type ActorCriticUpdateSettings = Parameters<typeof actorCriticLoss>[1] & { readonly maxGradientNorm: number };

/** The update of A2C, and of each worker of A3C: loss, gradients, clipping and RMSprop, as one program on the policy's store. */
export function actorCriticUpdate<B extends AnyBackend = Backend>(
  settings: ActorCriticUpdateSettings,
  { policy, policyParameters, valueParameters, value }: ActorCritic,
  backend?: B,
) {
  const parameters = [...policyParameters, ...valueParameters];
  const observation = input("observation", ["batch", policy.observationSpace.size]);
  const distribution = policy.distribution(observation);
  const action = input("action", ["batch", ...distribution.eventShape], distribution.dtype);
  const advantage = input("advantage", ["batch"]);
  const valueTarget = input("valueTarget", ["batch"]);
  const learningRate = input("learningRate", []);
  const { loss, ...watched } = actorCriticLoss(
    {
      logProbability: distribution.logProbability(action),
      advantage,
      entropy: distribution.entropy(),
      value: value(observation),
      valueTarget,
    },
    settings,
  );
  const clipped = clipByGlobalNorm(grad(loss, parameters), settings.maxGradientNorm);
  return compile({
    inputs: { observation, action, advantage, valueTarget, learningRate },
    outputs: { ...watched, gradientNorm: clipped.norm },
    updates: rmsProp(parameters, clipped.gradients, { learningRate, gradientNorm: clipped.norm }),
    store: policy.store,
    backend,
  });
}
