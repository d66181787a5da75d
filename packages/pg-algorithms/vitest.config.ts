import { packageTests } from "../../vitest.base.js";

export default packageTests("pg-algorithms", { workers: true });
