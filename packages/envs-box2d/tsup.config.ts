import { moduleBuild } from "../../tsup.base.js";

export default moduleBuild();
