#!/usr/bin/env node
import { enableRelaxedSimd } from "@uphill/autodiff/node";
import { processContext } from "./process-context.js";
import { run } from "./run.js";

// Before the first program is compiled; runs that are to be deterministic do without.
enableRelaxedSimd();
const context = processContext();
await run(process.argv.slice(2), context);
// Not process.exit(): output that a pipe has not taken yet would be lost.
process.exitCode = context.exitCode;
