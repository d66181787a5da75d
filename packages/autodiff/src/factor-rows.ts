import { ShapeError } from "@uphill/core-math";
import { dependents, topologicalOrder } from "./graph.js";
import type { PrimitiveAttributes, PrimitiveName } from "./primitives/primitive.js";
import { formatShape } from "./shape.js";
import { substitute } from "./substitute.js";
import { constant } from "./tensor.js";
import type { Tensor } from "./tensor.js";

/**
 * The same expressions of a matrix U, with its numbers as factors of rows, as late as possible:
 *
 *     f(U) = Σ_k diag(U_·k) f(e_k),   (diag(u) A) B = diag(u) (A B)
 *
 * wherever row i depends on row i of U alone, and is linear in it; e_k is 1 in column k and 0 elsewhere. The f(e_k) do not depend on U, and can
 * be kept from run to run: see {@link compileStaged}. Of Jᵀu by `vjp`, where J is a network's, only the last product of each
 * layer, which sums over rows, then depends on u.
 *
 * @param expressions - Such as `vjp` makes with U for a cotangent: linear in it.
 * @param factors - U, float32 `[rows, k]`: an input.
 * @returns One tensor for each expression, of the same value and derivatives.
 * @throws ShapeError for factors that are no matrix, or whose k is not fixed, or 0.
 */
export function factorRows(expressions: readonly Tensor[], factors: Tensor): Tensor[] {
  const [rows, columns] = factors.shape;
  if (factors.shape.length !== 2 || typeof columns !== "number" || columns === 0) {
    throw new ShapeError(`factorRows: expected factors of shape [rows, k] with a fixed k of at least 1, got ${formatShape(factors.shape)}`);
  }
  const order = topologicalOrder(expressions);
  const reached = dependents(order, [factors]);
  const byRows = new Set<Tensor>([factors]);
  for (const tensor of order) if (reached.has(tensor) && isByRows(tensor, reached, byRows)) byRows.add(tensor);
  const read = new Set<Tensor>(expressions);
  for (const tensor of order) {
    if (reached.has(tensor) && !byRows.has(tensor)) for (const source of tensor.inputs) read.add(source);
  }
  const last = order.filter((tensor) => byRows.has(tensor) && read.has(tensor) && tensor !== factors);
  const terms = Array.from({ length: columns }, (_, k) => {
    const unit = constant(Array.from({ length: columns }, (_each, other) => (other === k ? 1 : 0)), [1, columns]);
    const column = factors.slice(1, k, k + 1);
    return substitute(last, new Map([[factors, unit.broadcastTo(factors.shape)]])).map((factor) => {
      const shape = [rows, ...factor.shape.slice(1).map(() => 1)];
      return factor.mul(column.reshape(shape).broadcastTo(factor.shape));
    });
  });
  const sums = last.map((_, n) => terms.map((term) => term[n]).reduce((sum, term) => sum.add(term)));
  return substitute(expressions, new Map(last.map((tensor, n) => [tensor, sums[n]])));
}

/** Whether row i of a tensor depends on row i of its inputs, and linearly, as far as these depend on the factors at all. */
function isByRows(tensor: Tensor, reached: ReadonlySet<Tensor>, byRows: ReadonlySet<Tensor>): boolean {
  if (tensor.inputs.some((source) => reached.has(source) && !byRows.has(source))) return false;
  return keepsRows[tensor.primitive]?.(tensor as never, (source) => byRows.has(source)) === true;
}

/** Whether a tensor depends on the factors. */
type Moves = (tensor: Tensor) => boolean;

/** Of primitives, whether they are linear in those inputs that depend on the factors, and leave their rows where they are. */
const keepsRows: { readonly [P in PrimitiveName]?: (tensor: Tensor<P>, moves: Moves) => boolean } = {
  neg: () => true,
  add: ({ inputs }, moves) => inputs.every((source) => movesOrIsZero(source, moves)),
  sub: ({ inputs }, moves) => inputs.every((source) => movesOrIsZero(source, moves)),
  mul: ({ inputs: [a, b] }, moves) => !moves(a) || !moves(b),
  div: ({ inputs: [, b] }, moves) => !moves(b),
  select: ({ inputs: [, a, b] }, moves) => movesOrIsZero(a, moves) && movesOrIsZero(b, moves),
  broadcast: ({ inputs: [x], shape }) => x.shape.length === shape.length && x.shape[0] === shape[0],
  reshape: ({ inputs: [x], shape }) => x.shape[0] === shape[0],
  slice: ({ attributes }) => attributes.axis > 0,
  pad: ({ attributes }) => attributes.axis > 0,
  concat: ({ inputs, attributes }, moves) => attributes.axis > 0 && inputs.every((source) => movesOrIsZero(source, moves)),
  sum: ({ attributes }) => !attributes.axes.includes(0),
  matmul: ({ inputs: [, b], attributes }, moves) => !attributes.transposeA && !moves(b),
};

/** A sum with anything else is not linear. */
function movesOrIsZero(tensor: Tensor, moves: Moves): boolean {
  const source = tensor.primitive === "broadcast" ? tensor.inputs[0] : tensor;
  return moves(tensor) || (source.primitive === "constant" && isAllZero(source.attributes as PrimitiveAttributes["constant"]));
}

function isAllZero({ values }: PrimitiveAttributes["constant"]): boolean {
  return values.every((value) => value === 0);
}
