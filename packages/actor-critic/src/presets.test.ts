import { describePresets } from "../../training/test/presets-contract.js";
import { a2cAlgorithm, actorCriticAlgorithm } from "./index.js";

describePresets([actorCriticAlgorithm, a2cAlgorithm], new URL("../README.md", import.meta.url));
