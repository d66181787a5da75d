/**
 * The error classes that every Uphill package throws.
 *
 * A message is one sentence: `<argument>: expected <what is allowed>, got <what came>`. The class says which kind of
 * thing went wrong, so that a caller can tell a wrong option from a damaged file without reading the message.
 *
 * `name` is a getter on the prototype rather than `new.target.name`, so that it survives minification and is already
 * right when the engine writes the first line of `stack`.
 */

/**
 * Base class of every error that Uphill throws on purpose.
 *
 * @param message - What was expected and what came, in one sentence.
 * @param options - `cause`: the error that led to this one, if there was one.
 */
export class UphillError extends Error {
  override get name(): string {
    return "UphillError";
  }
}

/** An argument or an option has the wrong type or is out of its range. */
export class OptionError extends UphillError {
  override get name(): string {
    return "OptionError";
  }
}

/** An array or a tensor has the wrong length or the wrong shape. */
export class ShapeError extends UphillError {
  override get name(): string {
    return "ShapeError";
  }
}

/** Something was called in the wrong order or in the wrong state, such as `step` before `reset`. */
export class StateError extends UphillError {
  override get name(): string {
    return "StateError";
  }
}

/** A NaN or an infinity appeared where only finite numbers may be. */
export class NumericalError extends UphillError {
  override get name(): string {
    return "NumericalError";
  }
}

/** Bytes, text or a file are damaged, truncated, of another format, or of a version that is not known. */
export class FormatError extends UphillError {
  override get name(): string {
    return "FormatError";
  }
}

/** A path cannot be read or written. */
export class FileError extends UphillError {
  override get name(): string {
    return "FileError";
  }
}
