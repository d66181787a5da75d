import { packageTests } from "../../vitest.base.js";

export default packageTests("envs", { workers: true });
