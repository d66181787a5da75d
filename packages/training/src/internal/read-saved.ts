import { FormatError, NumericalError, OptionError, ShapeError } from "@uphill/core-math";

/**
 * Reads saved data with functions that check arguments: what they find wrong with it is damage.
 *
 * @param read - Reads it.
 * @returns What `read` returns.
 * @throws FormatError in place of an OptionError, ShapeError or NumericalError, with the same sentence.
 */
export function readSaved<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof OptionError || cause instanceof ShapeError || cause instanceof NumericalError)) throw cause;
    throw new FormatError(cause.message, { cause });
  }
}
