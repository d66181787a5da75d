export { listenForInterrupt } from "./node/interrupt.js";
export type { Interrupt } from "./node/interrupt.js";
export { ProgressLine } from "./node/progress-line.js";
export type { ProgressStream } from "./node/progress-line.js";
export { readFileBytes } from "./node/read-file-bytes.js";
export { readTransitions } from "./node/read-transitions.js";
export { RunFolder } from "./node/run-folder.js";
export type { CheckpointName } from "./node/run-folder.js";
export { writeFileAtomically } from "./node/write-atomically.js";
