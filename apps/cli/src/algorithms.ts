import { a2cAlgorithm, a3cAlgorithm, actorCriticAlgorithm, ddpgAlgorithm, sacAlgorithm, td3Algorithm } from "@uphill/actor-critic";
import {
  klPenaltyAlgorithm, normalizedGradientAlgorithm, npgAlgorithm, policyGradientAlgorithm, ppoAlgorithm,
  reinforceAlgorithm, trplAlgorithm, trpoAlgorithm,
} from "@uphill/pg-algorithms";
import type { Algorithm } from "@uphill/training";
import { unknownNameError } from "@uphill/training";

/** Every algorithm that the command knows, in the order in which lists show them. */
export const algorithms: readonly Algorithm[] = [
  ppoAlgorithm, trpoAlgorithm, npgAlgorithm, klPenaltyAlgorithm, trplAlgorithm, normalizedGradientAlgorithm,
  policyGradientAlgorithm, reinforceAlgorithm, actorCriticAlgorithm, a2cAlgorithm, a3cAlgorithm, ddpgAlgorithm, td3Algorithm, sacAlgorithm,
];

/**
 * The algorithm of a name.
 *
 * @throws OptionError for a name that does not exist, saying the nearest one that does.
 */
export function findAlgorithm(name: string): Algorithm {
  const found = algorithms.find((algorithm) => algorithm.name === name);
  if (found !== undefined) return found;
  throw unknownNameError(
    name,
    algorithms.map((algorithm) => algorithm.name),
    "algorithm",
  );
}
