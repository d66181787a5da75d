import { Variable } from "@uphill/autodiff";
import type { DType, Shape, Store, Tensor } from "@uphill/autodiff";
import { ShapeError } from "@uphill/core-math";
import { graphInput, initializer, integers, node } from "../graph/value.js";
import type { GraphInput, Initializer, Value } from "../graph/value.js";

/** Constants of up to this many elements are kept once, however often an expression uses them. */
const SHARED_ELEMENTS = 16;

/** What the lowering of one set of expressions shares: its inputs, its constants, its lengths known at run time. */
export class LoweringContext {
  readonly #inputs = new Map<Tensor, GraphInput>();
  readonly #constants = new Map<string, Initializer>();
  readonly #lengths = new Map<string, Value>();
  readonly #store: Store;

  /**
   * @param inputs - What is fed at each run, by the name that the graph gives it.
   * @param store - Where variables have their values.
   */
  constructor(inputs: Readonly<Record<string, Tensor>>, store: Store) {
    this.#store = store;
    for (const [name, tensor] of Object.entries(inputs)) {
      this.#inputs.set(tensor, graphInput(name, { elementType: tensor.dtype, shape: tensor.shape }));
    }
  }

  /** The graph's inputs, in the order in which they were given. */
  get inputs(): GraphInput[] {
    return [...this.#inputs.values()];
  }

  /** The graph's input for an input of the expressions, if it is one of those given. */
  input(tensor: Tensor): GraphInput | undefined {
    return this.#inputs.get(tensor);
  }

  /** A variable as a constant: its value in the store, or its initial one where the store does not hold it. */
  variable(tensor: Tensor<"variable">): Initializer {
    const held = tensor instanceof Variable && this.#store.has(tensor);
    const values = held ? this.#store.read(tensor) : tensor.attributes.initial;
    return initializer(tensor.name ?? "variable", values, fixed(tensor.shape));
  }

  /** A float32 or int32 constant. */
  constant(values: ArrayLike<number>, shape: readonly number[], dtype: DType, name = "constant"): Initializer {
    const data = dtype === "int32" ? Int32Array.from(values) : Float32Array.from(values);
    return this.#shared(initializer(name, data, shape));
  }

  /** A vector of int64: axes, bounds, fixed shapes. */
  integers(values: readonly number[]): Initializer {
    return this.#shared(integers(values));
  }

  /** A shape as a vector of int64, with the lengths that only a run knows. */
  shape(shape: Shape): Value {
    const parts = shape.map((length) => (typeof length === "number" ? this.integers([length]) : this.#length(length)));
    if (shape.every((length) => typeof length === "number")) return this.integers(shape);
    if (parts.length === 1) return parts[0];
    return node("Concat", parts, { elementType: "int64", shape: [shape.length] }, { axis: 0 });
  }

  /** A length known at run time, as a vector of one int64, read off an input that has it. */
  #length(name: string): Value {
    const known = this.#lengths.get(name);
    if (known !== undefined) return known;
    const source = this.inputs.find(({ type }) => type.shape.includes(name));
    if (source === undefined) {
      throw new ShapeError(`dimension "${name}": expected an input whose shape fixes its length, got none`);
    }
    const start = source.type.shape.indexOf(name);
    const length = node("Shape", [source], { elementType: "int64", shape: [1] }, { start, end: start + 1 }, name);
    this.#lengths.set(name, length);
    return length;
  }

  #shared(constant: Initializer): Initializer {
    const { data, type } = constant;
    if (data.length > SHARED_ELEMENTS) return constant;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = `${type.elementType} [${type.shape.join()}] ${bytes.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    this.#constants.set(key, constant);
    return constant;
  }
}

function fixed(shape: Shape): number[] {
  return shape.filter((length) => typeof length === "number");
}
