import { reflect } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { FormatError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fields } from "./fields.js";
import { decodeModel, encodeModel } from "./model-bytes.js";
import type { ModelInit } from "./model-bytes.js";
import { modelSchema } from "./schema.js";

/** Every field of every message, none with its default. */
const complete = {
  irVersion: 8n,
  producerName: "uphill",
  opsetImport: [{ domain: "ai.onnx", version: 18n }],
  metadataProps: [{ key: "uphill.environment", value: "CartPole-v1" }],
  graph: {
    name: "graph",
    node: [
      {
        input: ["x", "axes"],
        output: ["y"],
        name: "sum",
        opType: "ReduceSum",
        domain: "ai.onnx",
        attribute: [
          { name: "keepdims", type: 2, i: 1n },
          { name: "alpha", type: 1, f: 0.5 },
          { name: "reduction", type: 3, s: new TextEncoder().encode("add") },
          { name: "perm", type: 7, ints: [1n, 0n] },
        ],
      },
    ],
    initializer: [{ name: "axes", dims: [1n], dataType: 7, floatData: [0.5, -1], rawData: new Uint8Array([255, 255, 255, 255, 255, 255, 255, 255]) }],
    input: [valueInfo("x")],
    output: [valueInfo("y")],
    valueInfo: [valueInfo("z")],
  },
} satisfies ModelInit;

function valueInfo(name: string) {
  const dim = [
    { value: { case: "dimParam" as const, value: "batch" } },
    { value: { case: "dimValue" as const, value: 4n } },
  ];
  return { name, type: { value: { case: "tensorType" as const, value: { elemType: 1, shape: { dim } } } } };
}

/** Names of the fields that are set in a message and the messages in it. */
function fieldsSet(message: ReflectMessage): Set<string> {
  const names = new Set<string>();
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    names.add(`${message.desc.typeName}.${field.name}`);
    const inner = field.fieldKind === "list" ? [...message.get(field)] : [message.get(field)];
    for (const value of inner) {
      if (field.message !== undefined) for (const name of fieldsSet(value as ReflectMessage)) names.add(name);
    }
  }
  return names;
}

describe("example", () => {
  test("a model comes back from its bytes", () => {
    const bytes = encodeModel(complete);
    const model = decodeModel("file", bytes);
    expect(model.graph.node[0].opType).toBe("ReduceSum");
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([["uphill.environment", "CartPole-v1"]]);
    expect(encodeModel(model)).toEqual(bytes);
  });
});

describe("laws", () => {
  // What TypeScript calls the fields (messages.ts) and what the wire's descriptors call them (fields.ts) are two lists.
  test("every field of every message is written and read", () => {
    const model = decodeModel("file", encodeModel(complete));
    expect(model).toMatchObject(complete);
    const declared = Object.entries(fields).flatMap(([message, its]) => Object.keys(its).map((field) => `onnx.${message}.${field}`));
    expect([...fieldsSet(reflect(modelSchema, model))].toSorted()).toEqual(declared.toSorted());
  });

  test("field numbers are distinct in every message", () => {
    for (const message of Object.values(fields)) {
      const numbers = Object.values(message).map(({ number }) => number);
      expect(new Set(numbers).size).toBe(numbers.length);
    }
  });

  test("fields that Uphill does not know are read past", () => {
    // doc_string (6) and model_version (5) of a ModelProto.
    const unknown = new Uint8Array([0x28, 0x07, 0x32, 0x02, 0x68, 0x69]);
    const bytes = encodeModel(complete);
    const model = decodeModel("file", new Uint8Array([...unknown, ...bytes]));
    expect(model.producerName).toBe("uphill");
  });
});

describe("reference values", () => {
  test("the bytes are protobuf's, field by field", () => {
    // tag = field number · 8 + wire type; 0 is a varint, 2 a length and that many bytes.
    const bytes = encodeModel({ irVersion: 8n, opsetImport: [{ domain: "", version: 18n }], graph: { name: "g" } });
    expect([...bytes]).toEqual([0x08, 8, 0x3a, 3, 0x12, 1, 0x67, 0x42, 4, 0x0a, 0, 0x10, 18]);
  });
});

describe("errors", () => {
  test("a file that ends early is named as damaged, wherever it ends inside the graph", () => {
    const bytes = encodeModel(complete);
    for (let length = 0; length < 120; length++) {
      expect(() => decodeModel("policy.onnx", bytes.subarray(0, length))).toThrow(FormatError);
      expect(() => decodeModel("policy.onnx", bytes.subarray(0, length))).toThrow(/^policy\.onnx: expected an ONNX model, got \d+ bytes/);
    }
  });

  test("foreign bytes are a FormatError, never anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => decodeModel("file", bytes)).toThrow(FormatError);
      }),
    );
    expect(() => decodeModel("file", new TextEncoder().encode('{"weights": [1, 2, 3]}'))).toThrow(FormatError);
  });
});
