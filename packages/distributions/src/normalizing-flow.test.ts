import { float32, input } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { OptionError, Random } from "@uphill/core-math";
import fc from "fast-check";
import { expect, test } from "vitest";
import { distributionContract } from "../test/contract.js";
import { lineGrid, productGrid } from "../test/grids.js";
import { expectClose, numbersBetween, parametersOf, run, valueInput } from "../test/harness.js";
import type { Subject } from "../test/harness.js";
import { affineCoupling } from "./affine-coupling.js";
import { categorical } from "./categorical.js";
import { diagonalNormal } from "./diagonal-normal.js";
import { fullNormal } from "./full-normal.js";
import { normalizingFlow } from "./normalizing-flow.js";
import type { NormalizingFlow } from "./normalizing-flow.js";
import { planar } from "./planar.js";
import { tanhNormal } from "./tanh-normal.js";
import { tanhSquash } from "./tanh-squash.js";

const without = ["entropy", "mean", "kl", "fisher"] as const;

/** A normal sent through two planar layers. */
function planarSubject(size: number): Subject {
  return {
    name: `normalizingFlow of planar layers, of ${size}`,
    shapes: {
      mean: [size], logStandardDeviation: [size],
      "0/weight": [size], "0/direction": [size], "0/bias": [],
      "1/weight": [size], "1/direction": [size], "1/bias": [],
    },
    make: (parameters) =>
      normalizingFlow(
        parameters && {
          base: diagonalNormal({ mean: parameters["mean"], logStandardDeviation: parameters["logStandardDeviation"] }),
          bijectors: [0, 1].map((k) =>
            planar({ weight: parameters[`${k}/weight`], direction: parameters[`${k}/direction`], bias: parameters[`${k}/bias`] }),
          ),
        },
      ),
    values: fc.record({
      mean: numbersBetween(-0.5, 0.5, size), logStandardDeviation: numbersBetween(-0.3, 0.3, size),
      "0/weight": numbersBetween(0.3, 1, size), "0/direction": numbersBetween(0.1, 1, size), "0/bias": numbersBetween(-1, 1, 1),
      "1/weight": numbersBetween(-1, -0.3, size), "1/direction": numbersBetween(-1, -0.1, size), "1/bias": numbersBetween(-1, 1, 1),
    }),
    without,
    modeIsImage: true,
    // Two layers, each steep, and solved for.
    tolerance: 1e-4,
    ...(size === 1 && { grid: lineGrid(18, 0.1) }),
  };
}

/** The scale and shift of a component by the other: fixed functions, as a trained network is one. */
const conditioner = (kept: Tensor) => ({ logScale: kept.tanh().mul(0.25), shift: kept.mul(0.5).sin() });

/** A normal of two components sent through two coupling layers. */
const coupled: Subject = {
  name: "normalizingFlow of coupling layers",
  shapes: { mean: [2], logStandardDeviation: [2] },
  make: (parameters) =>
    normalizingFlow(
      parameters && {
        base: diagonalNormal({ mean: parameters["mean"], logStandardDeviation: parameters["logStandardDeviation"] }),
        bijectors: (["first", "last"] as const).map((kept) => affineCoupling({ size: 2, kept, conditioner })),
      },
    ),
  values: fc.record({ mean: numbersBetween(-0.3, 0.3, 2), logStandardDeviation: numbersBetween(-0.15, 0.15, 2) }),
  without,
  modeIsImage: true,
  grid: productGrid(lineGrid(10.8, 0.27), lineGrid(10.8, 0.27)),
};

const flowOf = (subject: Subject) =>
  subject.make(
    Object.fromEntries(Object.entries(subject.shapes).map(([name, shape]) => [name, input(name, ["batch", ...shape])])),
  ) as NormalizingFlow;

test("example: a flow of one squash is the tanh-squashed normal", () => {
  const parameters = { mean: input("mean", ["batch", 2]), logStandardDeviation: input("logStandardDeviation", ["batch", 2]) };
  const p = normalizingFlow({ base: diagonalNormal(parameters), bijectors: [tanhSquash({ size: 2, low: 0, high: 3 })] });
  const q = tanhNormal({ ...parameters, low: 0, high: 3 });
  const value = valueInput(p);
  expect(p.support).toEqual(q.support);
  const outputs = { a: p.logProbability(value), b: q.logProbability(value) };
  const { a, b } = run([...parametersOf(p), value], outputs, { mean: [0, 1], logStandardDeviation: [0, -1], value: [0.5, 2] });
  expect(a).toEqual(b);
});

distributionContract(planarSubject(1));
distributionContract(planarSubject(2));
distributionContract(coupled);

test("noise inference recovers the noise that made an action, in float32 to its precision", () => {
  for (const [subject, size] of [[planarSubject(2), 2], [coupled, 2]] as const) {
    const p = flowOf(subject);
    const noise = input("noise", p.noise.shape);
    const outputs = { inferred: p.inferNoise(p.sample(noise)) };
    fc.assert(
      fc.property(subject.values, fc.nat(), (values, seed) => {
        const drawn = new Float32Array(size);
        new Random(seed).fillStandardNormal(drawn);
        const feeds = { ...values, noise: drawn };
        expectClose(run([...parametersOf(p), noise], outputs, feeds).inferred, drawn, 1e-9);
        expectClose(run([...parametersOf(p), noise], outputs, feeds, float32).inferred, drawn, 1e-4);
      }),
    );
  }
});

test("the base may have a full covariance", () => {
  const p = normalizingFlow({
    base: fullNormal({ mean: input("mean", ["batch", 2]), factor: input("factor", [2, 2]) }),
    bijectors: [affineCoupling({ size: 2, kept: "first", conditioner })],
  });
  const [noise, value] = [input("noise", p.noise.shape), valueInput(p)];
  const { value: sample, logProbability } = p.sampleWithLogProbability(noise);
  const feeds = { mean: [0.5, -1], factor: [0.2, 0, 0.7, -0.3], noise: [0.3, -0.8] };
  const made = run([...parametersOf(p), noise], { sample, logProbability }, feeds);
  const { logP } = run([...parametersOf(p), value], { logP: p.logProbability(value) }, { mean: feeds.mean, factor: feeds.factor, value: made.sample });
  expectClose(logP, made.logProbability, 1e-13);
});

test("a base that is no normal, and layers that are none, are refused", () => {
  const base = diagonalNormal({ mean: input("mean", ["batch", 2]), logStandardDeviation: input("log", [2]) });
  expect(() => normalizingFlow({ base, bijectors: [] })).toThrow(OptionError);
  expect(() => normalizingFlow({ base: categorical({ logits: input("x", ["batch", 2]) }) as never, bijectors: [] })).toThrow(
    "normalizingFlow base: expected a diagonal or full normal distribution, got a Categorical",
  );
});
