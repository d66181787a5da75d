import { describePresets } from "../../training/test/presets-contract.js";
import {
  klPenaltyAlgorithm, normalizedGradientAlgorithm, npgAlgorithm, ppoAlgorithm, reinforceAlgorithm, trplAlgorithm,
  trpoAlgorithm,
} from "./index.js";

describePresets(
  [ppoAlgorithm, trpoAlgorithm, npgAlgorithm, reinforceAlgorithm, klPenaltyAlgorithm, trplAlgorithm, normalizedGradientAlgorithm],
  new URL("../README.md", import.meta.url),
);
