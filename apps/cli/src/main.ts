#!/usr/bin/env node
import { processContext } from "./process-context.js";
import { run } from "./run.js";

const context = processContext();
await run(process.argv.slice(2), context);
// Not process.exit(): output that a pipe has not taken yet would be lost.
process.exitCode = context.exitCode;
