import type { Command, Message } from "../protocol.js";

/**
 * Starts the worker.
 *
 * @param listener - Takes its messages; a worker that breaks sends a last one, `failed`.
 * @returns Sends a command.
 */
export function connect(listener: (message: Message) => void): (command: Command) => void {
  const worker = new Worker(new URL("../worker/main.ts", import.meta.url), { type: "module", name: "training" });
  worker.addEventListener("message", ({ data }: MessageEvent<Message>) => listener(data));
  worker.addEventListener("error", (event) => {
    const reason = event.message === "" || event.message === undefined ? "its program did not load" : event.message;
    listener({ kind: "failed", message: `The training worker broke off: ${reason}. Reload the page to start anew.` });
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows; this is a worker.
  return (command) => worker.postMessage(command);
}
