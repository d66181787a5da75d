import { interpreter, Store } from "../src/index.js";
import type { AsyncBackend, Borrower, Graph } from "../src/index.js";

/** The interpreter behind a promise, with variables in a store of its own: what a backend with its own memory does. */
export function lendingBackend(): AsyncBackend {
  return { name: "lending", isAsynchronous: true, prepare };
}

function prepare(graph: Graph, store: Store): ReturnType<AsyncBackend["prepare"]> {
  const own = new Store();
  for (const variable of store.variables()) own.adopt(variable);
  const executable = interpreter.prepare(graph, own);
  const borrower: Borrower = { giveBack: (variable, out) => out.set(own.view(variable)) };
  return {
    async execute(feeds, bindings) {
      const variables = own.variables();
      for (const variable of variables) {
        if (store.borrowerOf(variable) === borrower) continue;
        own.write(variable, store.view(variable));
        store.lend(variable, borrower);
      }
      const kept = new Map([...feeds].map(([tensor, value]) => [tensor, typeof value === "number" ? value : Array.from(value)]));
      await Promise.resolve();
      const applied = executable.execute(kept, bindings);
      for (const variable of variables) store.lend(variable, borrower);
      return applied;
    },
    view: (output) => executable.view(output),
  };
}
