import { FormatError, OptionError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeJson, encodeJson } from "./json-numbers.js";
import type { JsonValue } from "@uphill/envs";

const { plain } = fc.letrec<{ plain: JsonValue }>((tie) => ({
  plain: fc.oneof(
    { depthSize: "small" },
    fc.oneof(fc.constant(null), fc.boolean(), fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0), fc.string()),
    fc.array(tie("plain")),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("$number", "$$number", "$", "__proto__")), tie("plain"), {
      noNullPrototype: true,
    }),
  ),
}));

describe("encodeJson and decodeJson", () => {
  it("write what JSON can as JSON, and the other numbers as objects", () => {
    expect(encodeJson("state", { count: 3, best: -Infinity, zero: -0, $x: [NaN] })).toBe(
      '{"count":3,"best":{"$number":"-Infinity"},"zero":{"$number":"-0"},"$$x":[{"$number":"NaN"}]}',
    );
  });

  it("return any plain data", () => {
    fc.assert(
      fc.property(plain, (value) => {
        expect(decodeJson("state", encodeJson("state", value))).toStrictEqual(value);
      }),
    );
  });

  it("do not take data for a number", () => {
    const lookalikes: readonly JsonValue[] = [{ $number: "NaN" }, { $$number: "NaN" }, { $number: { $number: "-0" } }];
    for (const value of lookalikes) {
      expect(decodeJson("state", encodeJson("state", value))).toStrictEqual(value);
    }
  });

  it("leave out members that are undefined, as JSON does", () => {
    expect(encodeJson("state", { a: 1, b: undefined })).toBe('{"a":1}');
  });

  it.each<[string, unknown, string]>([
    ["undefined", undefined, "state: expected plain data, got undefined"],
    ["a hidden undefined", { a: [1, undefined] }, "state.a[1]: expected plain data, got undefined"],
    ["a typed array", { a: Float32Array.of(1) }, "state.a: expected plain data, got a Float32Array of length 1"],
    ["a date", new Date(0), "state: expected plain data, got a Date"],
    ["a map", { a: new Map() }, "state.a: expected plain data, got a Map"],
    ["a bigint", [1n], "state[0]: expected plain data, got 1n"],
    ["a function", () => 1, "state: expected plain data, got a function"],
    ["a hole", new Array(2), "state[0]: expected plain data, got undefined"],
  ])("refuse %s", (_, value, message) => {
    expect(() => encodeJson("state", value as JsonValue)).toThrow(new OptionError(message));
  });

  it("refuse data that contain themselves, or that are too deep to read", () => {
    const loop: { [name: string]: JsonValue } = {};
    loop["again"] = loop;
    expect(() => encodeJson("state", loop)).toThrow(OptionError);
    expect(() => decodeJson("state", "[".repeat(1000) + "]".repeat(1000))).toThrow(FormatError);
    const deepest = nested(200);
    expect(decodeJson("state", encodeJson("state", deepest))).toEqual(deepest);
    expect(() => encodeJson("state", nested(201))).toThrow("expected plain data at most 200 levels deep, got more");
  });

  it("refuse text that is no JSON or names no number", () => {
    expect(() => decodeJson("state", "{")).toThrow(new FormatError('state: expected valid JSON, got "{"'));
    expect(() => decodeJson("state", '{"a":{"$number":"0x1"}}')).toThrow(
      new FormatError('state.a: expected $number alone with one of NaN, Infinity, -Infinity, -0, got "0x1"'),
    );
    expect(() => decodeJson("state", '{"$number":"NaN","a":1}')).toThrow(FormatError);
  });
});

function nested(levels: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}
