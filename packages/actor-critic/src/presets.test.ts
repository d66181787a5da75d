import { describePresets } from "../../training/test/presets-contract.js";
import { a2cAlgorithm } from "./index.js";

describePresets([a2cAlgorithm], new URL("../README.md", import.meta.url));
