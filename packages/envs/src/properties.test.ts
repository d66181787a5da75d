import { wrappedContract } from "../test/wrapped-contract.js";
import { environments } from "./registry.js";

for (const definition of environments) wrappedContract(definition);
