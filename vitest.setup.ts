import { configureGlobal } from "fast-check";
import { scaleLaws } from "./vitest.laws.js";

// One seed for every property, so that a run is the same everywhere; a failure prints the seed and the
// counterexample's path. FAST_CHECK_SEED=… tries another.
configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20260101) });

// FAST_CHECK_RUNS=10000 takes more runs than the 100 of everyday, as `npm run laws` does.
const { FAST_CHECK_RUNS: runs, FAST_CHECK_RECORD: record } = process.env;
if (runs !== undefined) scaleLaws(Number(runs), record);
