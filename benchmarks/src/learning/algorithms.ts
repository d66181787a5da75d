import { a2cAlgorithm, a3cAlgorithm, actorCriticAlgorithm, ddpgAlgorithm, sacAlgorithm, td3Algorithm } from "@uphill/actor-critic";
import {
  klPenaltyAlgorithm,
  normalizedGradientAlgorithm,
  npgAlgorithm,
  policyGradientAlgorithm,
  ppoAlgorithm,
  reinforceAlgorithm,
  trplAlgorithm,
  trpoAlgorithm,
} from "@uphill/pg-algorithms";
import { unknownNameError } from "@uphill/training";
import type { Algorithm } from "@uphill/training";
import { batchAlgorithms } from "./batch-algorithms.js";
import type { BatchAlgorithm } from "./batch-algorithms.js";

const algorithms: readonly (Algorithm | BatchAlgorithm)[] = [
  reinforceAlgorithm,
  policyGradientAlgorithm,
  actorCriticAlgorithm,
  a2cAlgorithm,
  a3cAlgorithm,
  normalizedGradientAlgorithm,
  npgAlgorithm,
  trpoAlgorithm,
  klPenaltyAlgorithm,
  ppoAlgorithm,
  trplAlgorithm,
  ddpgAlgorithm,
  td3Algorithm,
  sacAlgorithm,
  ...batchAlgorithms,
];

/** The algorithm of a name. @throws OptionError for a name that does not exist, saying the nearest one that does. */
export function findAlgorithm(name: string): Algorithm | BatchAlgorithm {
  const found = algorithms.find((algorithm) => algorithm.name === name);
  if (found !== undefined) return found;
  const names = algorithms.map((algorithm) => algorithm.name);
  throw unknownNameError(name, names, "algorithm");
}
