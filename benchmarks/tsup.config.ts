import { moduleBuild } from "../tsup.base.js";

export default moduleBuild([
  "src/main.ts",
  "src/learning.ts",
  "src/processes/compile-once.ts",
  "src/processes/learn.ts",
  "src/processes/many-programs.ts",
  "src/processes/replay-batches.ts",
]);
