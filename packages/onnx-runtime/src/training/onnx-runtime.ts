import { webAssembly } from "@uphill/autodiff";
import type { AsyncBackend } from "@uphill/autodiff";
import { requireInteger, requireObject } from "@uphill/core-math";
import { loadNodeRuntime } from "../runtime/load-node-runtime.js";
import { ProductSession } from "./product-session.js";
import { SplitExecutable } from "./split-executable.js";
import { splitProgram } from "./split-program.js";
import type { TrainingRuntime } from "./training-runtime.js";

/** How {@link onnxRuntime} computes. */
export interface OnnxRuntimeOptions {
  /** Threads that share a matrix product, an integer ≥ 1; 1 by default. */
  readonly threads?: number;
}

/**
 * A backend that trains at native speed, for layers of some 96 units and more: `compile({ …, backend: onnxRuntime() })`.
 *
 * ONNX Runtime computes a program's matrix products and all that they need, which is the forward and backward passes of its
 * networks, as one graph. The rest (losses, norms, optimisers, target networks, guards) runs on the store's backend, by
 * default WebAssembly, which fuses it. Weights stay in the store's memory, where both read them; other programs of the store
 * see every update, and run at once as ever.
 *
 * A host operation that a product depends on cannot run there.
 *
 * @param options - See {@link OnnxRuntimeOptions}.
 * @throws OptionError where onnxruntime-node is not installed, with the command that installs it; where it does not start,
 *   as outside Node.js; or for an option out of its range.
 */
export function onnxRuntime(options: OnnxRuntimeOptions = {}): AsyncBackend {
  requireObject("onnxRuntime options", options);
  const threads = requireInteger("onnxRuntime threads", options.threads ?? 1, { least: 1 });
  const runtime = loadNodeRuntime() as TrainingRuntime;
  return {
    name: "onnxRuntime",
    isAsynchronous: true,
    prepare: (graph, store) => {
      const split = splitProgram(graph);
      const products = new ProductSession(runtime, split, threads);
      const rest = (store.backend ?? webAssembly()).prepare(split.rest, store);
      return new SplitExecutable(split, store, products, rest);
    },
  };
}
