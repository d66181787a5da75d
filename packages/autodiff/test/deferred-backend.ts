import { interpreter } from "../src/index.js";
import type { AsyncBackend } from "../src/index.js";

/** The interpreter behind a promise. */
export const deferredBackend: AsyncBackend = {
  name: "deferred",
  isAsynchronous: true,
  prepare: (graph, store) => {
    const executable = interpreter.prepare(graph, store);
    return {
      async execute(feeds, bindings) {
        const kept = new Map([...feeds].map(([tensor, value]) => [tensor, typeof value === "number" ? value : Array.from(value)]));
        await Promise.resolve();
        return executable.execute(kept, bindings);
      },
      view: (output) => executable.view(output),
    };
  },
};
