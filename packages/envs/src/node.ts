export { onWorkers } from "./node/on-workers.js";
export type { OnWorkersOptions } from "./node/on-workers.js";
export { recordToFile } from "./node/record-to-file.js";
