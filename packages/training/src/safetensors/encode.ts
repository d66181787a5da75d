import { expectation, OptionError, ShapeError } from "@uphill/core-math";
import { elementTypes, type ElementType, type TensorData } from "./dtypes.js";
import { LENGTH_BYTES, MAX_HEADER_BYTES, METADATA_KEY } from "./header.js";

/** The header is padded with spaces to a multiple of this, so that the data, and every tensor in it, is aligned. */
const ALIGNMENT = 8;

interface Placed {
  readonly name: string;
  readonly tensor: TensorData;
  readonly type: ElementType;
}

/**
 * Tensors as the bytes of a `.safetensors` file, the same bytes as the format's own writer gives.
 *
 * The layout: the header's length (64-bit little-endian), the header (JSON, padded with spaces to 8 bytes), the data.
 * Wide element types come first, then names in order, so that every tensor starts at a multiple of its element size
 * and a reader may use typed-array views. On little-endian machines only, which is every one that browsers run on.
 *
 * @param tensors - Typed arrays with their shapes, by name; any name but `__metadata__`.
 * @param metadata - Strings by name, kept in the header.
 * @returns The file's bytes.
 * @throws OptionError where the data is no typed array of the format, or a name or a metadata value is not allowed;
 *   ShapeError where shape and length differ.
 * @see https://github.com/huggingface/safetensors, "Format"
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorData>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const placed = Object.entries(tensors).map(([name, tensor]) => checkTensor(name, tensor));
  placed.sort(byWidthThenName);
  const header: string[] = Object.keys(metadata).length > 0 ? [member(METADATA_KEY, checkMetadata(metadata))] : [];
  let end = 0;
  for (const { name, tensor, type } of placed) {
    const start = end;
    end += tensor.data.byteLength;
    header.push(member(name, { dtype: type.name, shape: tensor.shape, data_offsets: [start, end] }));
  }
  const text = encodeHeader(`{${header.join(",")}}`);
  const bytes = new Uint8Array(LENGTH_BYTES + text.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, LENGTH_BYTES);
  let position = LENGTH_BYTES + text.length;
  for (const { data } of placed.map(({ tensor }) => tensor)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/** One member of the header. An object would move names that look like integers to its front. */
function member(name: string, value: object): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}

function encodeHeader(header: string): Uint8Array {
  const json = new TextEncoder().encode(header);
  const padded = new Uint8Array(Math.ceil(json.length / ALIGNMENT) * ALIGNMENT).fill(0x20);
  if (padded.length > MAX_HEADER_BYTES) {
    throw new OptionError(
      `metadata: expected a header of at most ${MAX_HEADER_BYTES} bytes, which the format allows, got ${padded.length}`,
    );
  }
  padded.set(json);
  return padded;
}

function byWidthThenName(a: Placed, b: Placed): number {
  if (a.type !== b.type) return elementTypes.indexOf(a.type) - elementTypes.indexOf(b.type);
  return a.name < b.name ? -1 : 1;
}

function checkTensor(name: string, tensor: TensorData): Placed {
  const argument = `tensors[${JSON.stringify(name)}]`;
  if (name === METADATA_KEY) throw new OptionError(`tensors: expected any name but ${METADATA_KEY}, got it`);
  if (typeof tensor !== "object" || tensor === null) {
    throw new OptionError(expectation(argument, "an object with shape and data", tensor));
  }
  const type = elementTypes.find(({ holds }) => holds(tensor.data));
  if (type === undefined) {
    throw new OptionError(expectation(`${argument}.data`, "a typed array of numbers", tensor.data));
  }
  const dimensions =
    Array.isArray(tensor.shape) && tensor.shape.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (!dimensions) {
    throw new OptionError(expectation(`${argument}.shape`, "an array of non-negative integers", tensor.shape));
  }
  const length = tensor.shape.reduce((product, size) => product * size, 1);
  if (length !== tensor.data.length) {
    throw new ShapeError(
      `${argument}: expected ${length} elements for shape [${tensor.shape.join(", ")}], got ${tensor.data.length}`,
    );
  }
  return { name, tensor, type };
}

function checkMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      throw new OptionError(expectation(`metadata[${JSON.stringify(name)}]`, "a string", value));
    }
  }
  return metadata;
}
