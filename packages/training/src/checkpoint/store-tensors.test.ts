import { Store, variable } from "@uphill/autodiff";
import { FormatError } from "@uphill/core-math";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeSafetensors } from "../safetensors/decode.js";
import { encodeSafetensors } from "../safetensors/encode.js";
import type { TensorData } from "../safetensors/dtypes.js";
import { loadStoreTensors, storeTensors } from "./store-tensors.js";

const weights = variable("weights", [2, 3], [1, 2, 3, 4, 5, 6]);
const step = variable("step", [], 0, "int32");

function storeOf(...variables: readonly (typeof weights)[]): Store {
  const store = new Store();
  for (const one of variables) store.adopt(one);
  return store;
}

const saved = storeTensors(storeOf(weights, step));

describe("storeTensors and loadStoreTensors", () => {
  it("copy all variables out, by name", () => {
    expect(saved).toEqual({
      weights: { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      step: { shape: [], data: Int32Array.of(0) },
    });
    const store = storeOf(weights, step);
    const copies = storeTensors(store);
    store.write(step, [9]);
    expect(copies["step"].data).toEqual(Int32Array.of(0));
  });

  it("bring a store back to what it was, through a file too", () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 6, maxLength: 6 }), fc.integer({ min: -9, max: 9 }), (values, count) => {
        const store = storeOf(weights, step);
        store.write(weights, values);
        store.write(step, [count]);
        const other = storeOf(step, weights);
        loadStoreTensors(other, decodeSafetensors(encodeSafetensors(storeTensors(store))).tensors);
        expect(other.read(weights)).toEqual(store.read(weights));
        expect(other.read(step)).toEqual(store.read(step));
      }),
    );
  });

  const flat = { shape: [6], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  it.each<[string, Readonly<Record<string, TensorData>>, string]>([
    ["a missing tensor", { step: saved["step"] }, "checkpoint: expected a tensor weights, got none"],
    [
      "another shape",
      { ...saved, weights: flat },
      "expected weights as float32 [2, 3], got a Float32Array of length 6 as [6]",
    ],
    [
      "another type",
      { ...saved, step: { shape: [], data: Float32Array.of(0) } },
      "expected step as int32 [], got a Float32Array",
    ],
    [
      "a shape that lies",
      { ...saved, weights: { shape: [2, 3], data: new Float32Array(5) } },
      "got a Float32Array of length 5 as [2, 3]",
    ],
    [
      "NaN",
      { ...saved, weights: { shape: [2, 3], data: Float32Array.of(1, 2, NaN, 4, 5, 6) } },
      "expected finite numbers in weights, got NaN at position 2",
    ],
    ["one too many", { ...saved, bias: flat }, "checkpoint: expected only tensors of the agent, got bias too"],
  ])("refuse %s, and change nothing", (_, tensors, message) => {
    const store = storeOf(step, weights);
    store.write(step, [7]);
    expect(() => loadStoreTensors(store, tensors)).toThrow(FormatError);
    expect(() => loadStoreTensors(store, tensors)).toThrow(message);
    expect(store.read(step)).toEqual(Int32Array.of(7));
    expect(store.read(weights)).toEqual(weights.initial);
  });

  it("are not misled by names that every object has", () => {
    const store = storeOf(variable("constructor", [1], 1));
    expect(() => loadStoreTensors(store, {})).toThrow("checkpoint: expected a tensor constructor, got none");
    loadStoreTensors(store, storeTensors(store));
  });
});
