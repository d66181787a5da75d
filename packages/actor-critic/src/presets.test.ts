import { describePresets } from "../../training/test/presets-contract.js";
import { a2cAlgorithm, a3cAlgorithm, actorCriticAlgorithm, ddpgAlgorithm, sacAlgorithm, td3Algorithm } from "./index.js";

describePresets([actorCriticAlgorithm, a2cAlgorithm, a3cAlgorithm, ddpgAlgorithm, td3Algorithm, sacAlgorithm], new URL("../README.md", import.meta.url));
