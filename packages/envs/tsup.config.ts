import { moduleBuild } from "../../tsup.base.js";

// The workers' script has no entry of its own: `./node` starts it, and looks for it beside itself.
export default moduleBuild({
  index: "src/index.ts",
  node: "src/node.ts",
  "environment-worker": "src/node/environment-worker.ts",
});
