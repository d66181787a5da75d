import { configureGlobal } from "fast-check";

// One seed for every property, so that a run is the same everywhere; a failure prints the seed and the
// counterexample's path. FAST_CHECK_SEED=… tries another.
configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20260101) });
