import { moduleBuild } from "../tsup.base.js";

export default moduleBuild(["src/main.ts", "src/processes/compile-once.ts", "src/processes/many-programs.ts"]);
