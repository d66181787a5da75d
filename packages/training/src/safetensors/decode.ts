import { expectation, FormatError, OptionError } from "@uphill/core-math";
import { elementTypes, type ElementType, type TensorData } from "./dtypes.js";
import { entryError, readHeader, type TensorEntry } from "./header.js";

/** What a `.safetensors` file holds. */
export interface Safetensors {
  /** Number arrays by name. */
  readonly tensors: Readonly<Record<string, TensorData>>;
  /** Texts by name; none where the file has none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads the bytes of a `.safetensors` file, whoever wrote it.
 *
 * Checks all that the format promises before anything is read: the header's length and JSON, each name once, offsets
 * that cover the data exactly, without gap or overlap, and lengths that match shape and element type.
 *
 * @param bytes - The whole file.
 * @returns Tensors and metadata by name. The arrays are copies.
 * @throws FormatError naming the tensor and what is wrong; also for the element types that have no typed array (half
 *   precision, 8-bit floats, booleans).
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  if (!(bytes instanceof Uint8Array)) {
    throw new OptionError(expectation("bytes", "a Uint8Array with a safetensors file", bytes));
  }
  const { entries, metadata, dataStart } = readHeader(bytes);
  const data = bytes.subarray(dataStart);
  checkLayout(entries, data.length);
  const tensors = entries.map((entry): [string, TensorData] => {
    const copy = new Uint8Array(data.subarray(entry.start, entry.end));
    return [entry.name, { shape: entry.shape, data: elementTypeOf(entry).read(copy.buffer) }];
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

function checkLayout(entries: readonly TensorEntry[], dataBytes: number): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (entry.start !== end)
      throw entryError(entry.name, `data that starts at byte ${end}, where the one before ends`, entry.start);
    const length = entry.shape.reduce((product, size) => product * size, elementTypeOf(entry).bytes);
    if (entry.end - entry.start !== length) {
      throw entryError(
        entry.name,
        `${length} bytes for ${entry.dtype} [${entry.shape.join(", ")}]`,
        entry.end - entry.start,
      );
    }
    end = entry.end;
  }
  if (end !== dataBytes) {
    const why = end > dataBytes ? "the file is cut off" : "something is appended";
    throw new FormatError(`safetensors: expected ${end} bytes of data, got ${dataBytes}: ${why}`);
  }
}

function elementTypeOf(entry: TensorEntry): ElementType {
  const type = elementTypes.find(({ name }) => name === entry.dtype);
  if (type !== undefined) return type;
  throw entryError(entry.name, `a dtype of ${elementTypes.map(({ name }) => name).join(", ")}`, entry.dtype);
}
