import { formatShape, input } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import { expect, test } from "vitest";
import { batchOf, has } from "../harness.js";
import type { Subject } from "../harness.js";

/** What does not fit is named. */
export function refusals(subject: Subject): void {
  const p = batchOf(subject);

  test("noise and values of another shape or dtype are refused", () => {
    const noiseShape = formatShape(p.noise.shape);
    expect(() => p.sample(input("noise", ["other", ...p.noise.shape.slice(1)]))).toThrow(
      `${p.kind} noise: expected shape ${noiseShape}, got [other`,
    );
    expect(() => p.sampleWithLogProbability(input("noise", p.noise.shape, "int32"))).toThrow(
      `${p.kind} noise: expected a float32 tensor, got int32`,
    );
    const otherType = p.dtype === "int32" ? "float32" : "int32";
    expect(() => p.logProbability(input("value", [...p.batchShape, ...p.eventShape], otherType))).toThrow(
      `${p.kind} value: expected a ${p.dtype} tensor, got ${otherType}`,
    );
    expect(() => p.logProbability(input("value", [5, ...p.batchShape, ...p.eventShape], p.dtype))).toThrow(ShapeError);
    expect(() => p.logProbability(1 as never)).toThrow(`${p.kind} value: expected a ${p.dtype} tensor, got 1`);
  });

  test("parameters that are missing are refused", () => {
    expect(() => p.withParameters({})).toThrow(`${p.kind} ${Object.keys(p.parameters)[0]}: expected a float32 tensor, got undefined`);
    expect(() => subject.make(undefined as never)).toThrow(OptionError);
  });

  function klRefusals(): void {
    test("KL to another family or another shape is refused", () => {
      expect(() => p.kl({ kind: "other" } as never)).toThrow(`${p.kind} kl other: expected a `);
      expect(() => p.kl({ kind: "other" } as never)).toThrow(OptionError);
      expect(() => p.kl(batchOf(subject, ["other"]))).toThrow(ShapeError);
    });
  }
  if (has(subject, "kl")) klRefusals();
}
