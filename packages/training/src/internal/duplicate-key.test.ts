import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duplicateKey } from "./duplicate-key.js";

describe("duplicateKey", () => {
  it("names a key that one object has twice, however it is written", () => {
    expect(duplicateKey('{"a":1,"b":{"a":2},"a":3}')).toBe("a");
    expect(duplicateKey('{"x":[{"a":1},{"b":{"\\u0061":1 , "a" : 2}}]}')).toBe("a");
    expect(duplicateKey('{"__proto__":1,"__proto__":1}')).toBe("__proto__");
  });

  it("finds none in what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(duplicateKey(JSON.stringify(JSON.parse(json)))).toBeUndefined();
      }),
    );
  });

  it("is not misled by quotes, colons and braces inside texts", () => {
    expect(duplicateKey('{"a":"}{\\":","b":"\\\\","c":["a","b",{"a":"b"}]}')).toBeUndefined();
  });
});
