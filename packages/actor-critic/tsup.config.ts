import { moduleBuild } from "../../tsup.base.js";

// The threads' script has no entry of its own: A3C starts it, and looks for it beside itself.
export default moduleBuild({
  index: "src/index.ts",
  "a3c-worker": "src/node/a3c-worker.ts",
});
