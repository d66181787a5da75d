import type { Value } from "./value.js";

/**
 * Everything that the given values are made of, and they themselves, each once and after what it is made of. The order
 * follows from the values alone. Walks with a stack of its own: a graph may be deeper than the engine's.
 */
export function inOrder(outputs: readonly Value[]): Value[] {
  const done = new Set<Value>();
  const order: Value[] = [];
  const stack = outputs.toReversed().map((value) => ({ value, ready: false }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, ready } = top;
    if (done.has(value)) continue;
    if (!ready && value.kind === "node") {
      stack.push({ value, ready: true });
      for (const input of value.inputs.toReversed()) stack.push({ value: input, ready: false });
      continue;
    }
    done.add(value);
    order.push(value);
  }
  return order;
}
