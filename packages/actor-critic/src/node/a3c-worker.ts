import { findEnvironment, importEnvironment, threadPreloadKey } from "@uphill/envs";
import type { Pace } from "@uphill/training";
import { getEnvironmentData, parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { A3cWorker } from "../a3c.js";
import type { Assignment, WorkerMessage, WorkerStart } from "../a3c/protocol.js";

const uninterrupted: Pace = { due: false, turn: async () => undefined };

/** Works as it is told until the thread is ended. */
async function serve(port: MessagePort, start: WorkerStart): Promise<void> {
  const tell = (message: WorkerMessage): void => {
    port.postMessage(message);
  };
  const orFail = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      tell({ kind: "failed", name, message });
    }
  };
  await orFail(async () => {
    const { environment } = start;
    const preload = getEnvironmentData(threadPreloadKey);
    if (typeof preload === "string") await import(/* @vite-ignore */ preload);
    const env = "id" in environment ? findEnvironment(environment.id) : await importEnvironment(environment);
    let worker = new A3cWorker(env, start);
    const obey = async ({ state, ...task }: Assignment): Promise<void> => {
      if (state === null) {
        worker.close();
        worker = new A3cWorker(env, start);
      } else if (state !== undefined) worker.restore(state);
      const tally = await worker.work(task, uninterrupted);
      tell({ kind: "done", result: { tally: tally.toJSON(), episodes: worker.episodes, state: worker.state } });
    };
    port.on("message", (assignment: Assignment) => void orFail(async () => obey(assignment)));
    tell({ kind: "ready" });
  });
}

// Imported anywhere else than in a thread of A3C, it does nothing.
const start = workerData as Partial<WorkerStart> | null;
if (parentPort !== null && start?.memory !== undefined) await serve(parentPort, start as WorkerStart);
