import type { Graph } from "./backend.js";
import { rootsOf } from "./backend.js";
import { topologicalOrder } from "./graph.js";
import { elementwise } from "./primitives/elementwise.js";
import type { PrimitiveAttributes, PrimitiveName } from "./primitives/primitive.js";
import { primitiveRow } from "./primitives/table.js";
import { elementCount, sameShape } from "./shape.js";
import type { Shape } from "./shape.js";
import { Tensor } from "./tensor.js";

/** Constants of more elements than this are not computed ahead: they would only take memory. */
const MOST_FOLDED = 1024;

/**
 * The same program in fewer steps. Elementary functions and sums of constants come out more exactly, all else the same:
 *
 * - an expression that is there twice is computed once;
 * - elementwise arithmetic on constants is done here, rounded to float32 as a run would;
 * - arithmetic on stretched scalars is done before they are stretched;
 * - the sum of a stretched scalar is a product;
 * - x·1, x/1, x − 0, −(−x), reshapes in a row, slices of all and what only matters to derivatives vanish, and x·(−1)
 *   is −x;
 * - the product of a stretched row is a stretched product;
 * - a factor of a product that is a single row or column is never read transposed.
 *
 * Gradients are full of all of these.
 */
export function simplify(graph: Graph): Graph {
  const simplifier = new Simplifier();
  const of = (tensor: Tensor): Tensor => simplifier.simplified(tensor);
  for (const tensor of graph.order) simplifier.add(tensor);
  const outputs = new Map([...graph.outputs].map(([name, tensor]) => [name, of(tensor)]));
  const updates = graph.updates.map(({ variable, value, onlyIfFinite }) => ({
    variable,
    value: of(value),
    ...(onlyIfFinite && { onlyIfFinite: of(onlyIfFinite) }),
  }));
  return { inputs: graph.inputs, outputs, updates, order: topologicalOrder(rootsOf(outputs.values(), updates)) };
}

class Simplifier {
  readonly #simplified = new Map<Tensor, Tensor>();
  readonly #known = new Map<string, Tensor>();
  readonly #numbers = new Map<object, number>();

  /** What stands for a tensor that was added. */
  simplified(tensor: Tensor): Tensor {
    return this.#simplified.get(tensor)!;
  }

  /** Simplifies a tensor whose inputs were added. */
  add(tensor: Tensor): void {
    const inputs = tensor.inputs.map((source) => this.simplified(source));
    this.#simplified.set(tensor, this.#reduce(tensor, inputs));
  }

  #reduce(tensor: Tensor, inputs: readonly Tensor[]): Tensor {
    const { primitive, attributes, name } = tensor;
    if (primitive === "stopGradient" || primitive === "customGradient") return inputs[0];
    const shorter = shortcuts[primitive]?.(inputs, tensor.shape);
    if (shorter !== undefined) return this.#shared(shorter);
    if (primitive in elementwise) {
      const scalar = this.#beforeStretching(tensor, inputs);
      if (scalar !== undefined) return scalar;
      if (inputs.every(isSmallConstant)) return this.#shared(folded(tensor, inputs));
    }
    if (isSumOfStretchedScalar(tensor, inputs)) return this.#timesCount(inputs[0]);
    if (primitive === "matmul") return this.#product(tensor as Tensor<"matmul">, inputs);
    const unchanged = inputs.every((source, index) => source === tensor.inputs[index]);
    return this.#shared(unchanged ? tensor : new Tensor(primitive, inputs, attributes, name));
  }

  /** f(stretched a, stretched b) as the stretched f(a, b). */
  #beforeStretching(tensor: Tensor, inputs: readonly Tensor[]): Tensor | undefined {
    const { primitive, attributes, shape } = tensor;
    if (shape.length === 0) return undefined;
    const scalars = inputs.map((source) => (source.primitive === "broadcast" ? source.inputs[0] : undefined));
    if (scalars.some((source) => source?.shape.length !== 0)) return undefined;
    const reduced = this.#reduce(new Tensor(primitive, scalars as Tensor[], attributes), scalars as Tensor[]);
    return this.#shared(new Tensor("broadcast", [reduced], { shape }));
  }

  /** A product; of one row where the first factor is that row again and again. */
  #product(tensor: Tensor<"matmul">, [a, b]: readonly Tensor[]): Tensor {
    const row = a.primitive === "broadcast" && !tensor.attributes.transposeA ? a.inputs[0] : undefined;
    if (row === undefined || row.shape.length !== 2 || row.shape[1] !== a.shape[1]) {
      return this.#shared(withoutNeedlessTransposes(tensor, [a, b]));
    }
    const product = new Tensor("matmul", [row, b], tensor.attributes);
    return this.#shared(new Tensor("broadcast", [this.#product(product, [row, b])], { shape: tensor.shape }));
  }

  /** The sum of a stretched scalar: it times the number of elements. */
  #timesCount(stretched: Tensor): Tensor {
    const count = this.#shared(new Tensor("size", [], { dimensions: stretched.shape }));
    const factors = [stretched.inputs[0], count];
    return this.#reduce(new Tensor("mul", factors, {}), factors);
  }

  /** The tensor that computes the same, if there is one already. */
  #shared(tensor: Tensor): Tensor {
    const key = this.#keyOf(tensor);
    if (key === undefined) return tensor;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, tensor);
    return tensor;
  }

  #keyOf({ primitive, inputs, attributes, dtype }: Tensor): string | undefined {
    if (primitive === "input" || primitive === "variable") return undefined;
    if (primitive === "constant") {
      const { values, shape } = attributes as PrimitiveAttributes["constant"];
      if (values.length > MOST_FOLDED) return undefined;
      const written = Array.from(values, (value) => (Object.is(value, -0) ? "-0" : String(value)));
      return `${dtype}[${shape.join()}] ${written.join()}`;
    }
    const written = Object.keys(attributes).length === 0 ? "" : this.#write(attributes);
    return `${primitive}(${inputs.map((source) => this.#numberOf(source)).join()}) ${written}`;
  }

  /** Attributes as text; functions by their identity. */
  #write(attributes: object): string {
    return JSON.stringify(attributes, (_, value: unknown) =>
      typeof value === "function" ? `function ${this.#numberOf(value)}` : value,
    );
  }

  #numberOf(identity: object): number {
    let number = this.#numbers.get(identity);
    if (number === undefined) this.#numbers.set(identity, (number = this.#numbers.size));
    return number;
  }
}

/** What an operation leaves where it has no effect, or one that a simpler operation has. */
const shortcuts: { readonly [P in PrimitiveName]?: (inputs: readonly Tensor[], shape: Shape) => Tensor | undefined } = {
  neg: ([x]) => (x.primitive === "neg" ? x.inputs[0] : undefined),
  mul: ([a, b]) => {
    if (isNumber(b, 1)) return a;
    if (isNumber(a, 1)) return b;
    if (isNumber(b, -1)) return negative(a);
    return isNumber(a, -1) ? negative(b) : undefined;
  },
  div: ([a, b]) => (isNumber(b, 1) ? a : undefined),
  sub: ([a, b]) => (isNumber(b, 0) ? a : undefined),
  sum: withoutAxes,
  max: withoutAxes,
  broadcast: withoutEffect,
  slice: withoutEffect,
  pad: withoutEffect,
  concat: withoutEffect,
  reshape: shorterReshape,
};

/** What moves elements and leaves the shape moves none. */
function withoutEffect([x]: readonly Tensor[], shape: Shape): Tensor | undefined {
  return sameShape(x.shape, shape) ? x : undefined;
}

/** A reduction over axes of length 1 moves nothing. */
function withoutAxes([x]: readonly Tensor[], shape: Shape): Tensor | undefined {
  const long = (lengths: Shape): Shape => lengths.filter((length) => length !== 1);
  return sameShape(long(x.shape), long(shape)) ? (shorterReshape([x], shape) ?? new Tensor("reshape", [x], { shape })) : undefined;
}

function shorterReshape([x]: readonly Tensor[], shape: Shape): Tensor | undefined {
  if (sameShape(x.shape, shape)) return x;
  if (x.primitive !== "reshape") return undefined;
  const [source] = x.inputs;
  return sameShape(source.shape, shape) ? source : new Tensor("reshape", [source], { shape });
}

function negative(x: Tensor): Tensor {
  return x.primitive === "neg" ? x.inputs[0] : new Tensor("neg", [x], {});
}

function isSumOfStretchedScalar({ primitive, shape }: Tensor, [source]: readonly Tensor[]): boolean {
  return primitive === "sum" && shape.length === 0 && source.primitive === "broadcast" && source.inputs[0].shape.length === 0;
}

/** Whether a tensor is this number everywhere; 0 is not −0. */
function isNumber(tensor: Tensor, number: number): boolean {
  const source = tensor.primitive === "broadcast" ? tensor.inputs[0] : tensor;
  if (source.primitive !== "constant") return false;
  const { values } = source.attributes as PrimitiveAttributes["constant"];
  return values.length === 1 && Object.is(values[0], number);
}

function isSmallConstant({ primitive, shape }: Tensor): boolean {
  return primitive === "constant" && elementCount(shape as readonly number[]) <= MOST_FOLDED;
}

function folded({ primitive, attributes, shape, dtype }: Tensor, inputs: readonly Tensor[]): Tensor {
  const fixed = shape as readonly number[];
  const operands = inputs.map((source) => {
    const { values } = source.attributes as PrimitiveAttributes["constant"];
    return { data: source.dtype === "float32" ? rounded(values) : values, shape: source.shape as readonly number[] };
  });
  const count = elementCount(fixed);
  const data = dtype === "int32" ? new Int32Array(count) : new Float64Array(count);
  primitiveRow(primitive).evaluate(operands, attributes, { data, shape: fixed }, new Map());
  return new Tensor("constant", [], { shape, dtype, values: dtype === "int32" ? data : rounded(data) });
}

function rounded(values: Float64Array | Int32Array): Float64Array {
  return Float64Array.from(Float32Array.from(values));
}

/** A factor [1, n] that is read transposed is a factor [n, 1] as it lies in memory. */
function withoutNeedlessTransposes(tensor: Tensor<"matmul">, inputs: readonly Tensor[]): Tensor {
  const flags = [tensor.attributes.transposeA, tensor.attributes.transposeB];
  const factors = inputs.map((factor, index) => {
    const [rows, columns] = factor.shape;
    if (!flags[index] || (rows !== 1 && columns !== 1)) return factor;
    flags[index] = false;
    const shape: Shape = [columns, rows];
    return new Tensor("reshape", [factor], { shape });
  });
  return new Tensor("matmul", factors, { transposeA: flags[0], transposeB: flags[1] }, tensor.name);
}
