import type { Tensor } from "./tensor.js";

/**
 * All tensors that the roots need, each after its inputs.
 *
 * An explicit stack walks the graph, so that depth costs no call stack.
 */
export function topologicalOrder(roots: Iterable<Tensor>): Tensor[] {
  const order: Tensor[] = [];
  const done = new Set<Tensor>();
  const stack: Array<{ tensor: Tensor; next: number }> = [];
  for (const root of roots) {
    stack.push({ tensor: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (done.has(top.tensor)) {
        stack.pop();
      } else if (top.next < top.tensor.inputs.length) {
        stack.push({ tensor: top.tensor.inputs[top.next++], next: 0 });
      } else {
        done.add(top.tensor);
        order.push(top.tensor);
        stack.pop();
      }
    }
  }
  return order;
}

/** Those of `order` that depend on one of `sources`, the sources included. */
export function dependents(order: readonly Tensor[], sources: readonly Tensor[]): Set<Tensor> {
  const reached = new Set<Tensor>(sources);
  for (const tensor of order) {
    if (tensor.inputs.some((source) => reached.has(source))) reached.add(tensor);
  }
  return reached;
}
