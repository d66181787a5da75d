import { describePresets } from "../../training/test/presets-contract.js";
import {
  klPenaltyAlgorithm, normalizedGradientAlgorithm, npgAlgorithm, policyGradientAlgorithm, ppoAlgorithm,
  reinforceAlgorithm, trplAlgorithm, trpoAlgorithm,
} from "./index.js";

describePresets(
  [
    ppoAlgorithm, trpoAlgorithm, npgAlgorithm, policyGradientAlgorithm, reinforceAlgorithm, klPenaltyAlgorithm,
    trplAlgorithm, normalizedGradientAlgorithm,
  ],
  new URL("../README.md", import.meta.url),
);
