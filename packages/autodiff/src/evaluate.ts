import { OptionError } from "@uphill/core-math";
import type { NumericArray } from "./backend.js";
import { compile } from "./compile.js";
import { interpreter } from "./executors/interpreter.js";
import type { Feed } from "./feeds.js";
import { topologicalOrder } from "./graph.js";
import type { TensorRecord } from "./program.js";
import type { Store } from "./store.js";
import { Tensor } from "./tensor.js";

/** Values of inputs, by the names that the inputs were made with. */
export type NamedFeeds = Readonly<Record<string, Feed>>;

/**
 * The value of an expression, or of a record of them, by the float64 reference interpreter.
 *
 * For tests, examples and doubt: it is exact and slow. Programs that run often are compiled.
 *
 * @param expressions - A tensor, or tensors by name.
 * @param feeds - A value for each input that they read, by the input's name; others are ignored.
 * @param store - Where variables have their values; without one they have their initial values.
 * @returns A number for a scalar, else the elements in row-major order; a record for a record.
 * @throws OptionError or ShapeError as {@link Program.run}.
 */
export function evaluate(expressions: Tensor, feeds?: NamedFeeds, store?: Store): number | NumericArray;
/** The values of several expressions, by name; all else is as for one. */
export function evaluate<R extends TensorRecord>(
  expressions: R,
  feeds?: NamedFeeds,
  store?: Store,
): { [K in keyof R]: number | NumericArray };
export function evaluate(expressions: Tensor | TensorRecord, feeds: NamedFeeds = {}, store?: Store): unknown {
  if (expressions instanceof Tensor) return evaluate({ value: expressions }, feeds, store).value;
  const inputs: Record<string, Tensor> = {};
  for (const tensor of topologicalOrder(Object.values(expressions))) {
    if (tensor.primitive !== "input") continue;
    const name = tensor.name!;
    if (inputs[name] !== undefined) {
      throw new OptionError(`evaluate: expected inputs of different names, got two called "${name}"`);
    }
    inputs[name] = tensor;
  }
  const program = compile({ inputs, outputs: expressions, backend: interpreter, ...(store && { store: store.copy() }) });
  return program.run(Object.fromEntries(Object.keys(inputs).map((name) => [name, feeds[name]])));
}
