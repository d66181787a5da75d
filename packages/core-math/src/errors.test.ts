import { expect, test } from "vitest";
import {
  FileError,
  FormatError,
  NumericalError,
  OptionError,
  ShapeError,
  StateError,
  UphillError,
} from "./errors.js";

const classes = { FileError, FormatError, NumericalError, OptionError, ShapeError, StateError, UphillError };

test.each(Object.entries(classes))("%s names itself, keeps its cause, and is an UphillError", (name, ErrorClass) => {
  const cause = new Error("disk full");
  const error = new ErrorClass("path: expected a folder, got a file", { cause });
  expect(error).toBeInstanceOf(UphillError);
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe(name);
  expect(error.cause).toBe(cause);
  expect(error.stack?.split("\n")[0]).toBe(`${name}: path: expected a folder, got a file`);
  expect(Object.keys(error)).toEqual([]);
});
