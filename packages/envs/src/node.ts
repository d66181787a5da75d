export { onWorkers } from "./node/on-workers.js";
export type { OnWorkersOptions } from "./node/on-workers.js";
export { pngFrame } from "./node/png-frame.js";
export type { PngFrameOptions } from "./node/png-frame.js";
export { recordToFile } from "./node/record-to-file.js";
