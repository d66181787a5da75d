import { packageTests } from "../../vitest.base.js";

export default packageTests("envs-box2d");
