/** A typed array that safetensors can hold exactly. */
export type TensorArray =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** Numbers with their shape, row-major: the product of the shape's dimensions is the data's length. */
export interface TensorData<A extends TensorArray = TensorArray> {
  /** Lengths of the axes; none for a scalar. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: A;
}

/** One element type of the format. */
export interface ElementType {
  readonly name: string;
  readonly bytes: number;
  readonly holds: (value: unknown) => boolean;
  readonly read: (buffer: ArrayBuffer) => TensorArray;
}

/**
 * The element types that have a typed array, in the order in which the format's own writer places tensors: wide ones
 * first, so that every tensor starts at a multiple of its element size.
 */
export const elementTypes: readonly ElementType[] = [
  elementType("U64", BigUint64Array),
  elementType("I64", BigInt64Array),
  elementType("F64", Float64Array),
  elementType("F32", Float32Array),
  elementType("U32", Uint32Array),
  elementType("I32", Int32Array),
  elementType("U16", Uint16Array),
  elementType("I16", Int16Array),
  elementType("I8", Int8Array),
  elementType("U8", Uint8Array),
];

interface ArrayClass {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): TensorArray;
}

function elementType(name: string, array: ArrayClass): ElementType {
  return {
    name,
    bytes: array.BYTES_PER_ELEMENT,
    holds: (value) => value instanceof array,
    read: (buffer) => new array(buffer),
  };
}
