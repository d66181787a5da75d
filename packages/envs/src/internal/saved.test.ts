import { FormatError } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  readFields,
  readFlag,
  readInteger,
  readList,
  readNumber,
  readNumbers,
  requireSavedBy,
  savedNumbers,
} from "./saved.js";

test("numbers come back from text to the bit", () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      const back = readNumbers("values", JSON.parse(JSON.stringify(savedNumbers(values))), values.length);
      expect(Float64Array.from(back)).toEqual(Float64Array.from(values));
    }),
    { examples: [[[-0, Number.NaN, Infinity, -Infinity, 5e-324]]] },
  );
});

test("what was not saved that way is refused by name", () => {
  expect(() => readNumbers("state", [1, "2"])).toThrow(new FormatError('state[1]: expected a saved number, got "2"'));
  expect(() => readNumbers("state", [1], 2)).toThrow(new FormatError("state: expected a list of 2 elements, got [1]"));
  expect(() => readList("state", {})).toThrow(new FormatError("state: expected a list, got an object"));
  expect(() => readFields("state", [])).toThrow(new FormatError("state: expected a saved object, got []"));
  expect(() => readNumber("state", null)).toThrow(new FormatError("state: expected a finite number, got null"));
  expect(() => readInteger("state", 5, 0, 4)).toThrow(new FormatError("state: expected an integer in [0, 4], got 5"));
  expect(() => readFlag("state", 1)).toThrow(new FormatError("state: expected true or false, got 1"));
  expect(() => {
    requireSavedBy("A", "B");
  }).toThrow(new FormatError('state.id: expected a state of A, got "B"'));
});
