import { packageTests } from "../../vitest.base.js";

export default packageTests("actor-critic", { workers: true });
