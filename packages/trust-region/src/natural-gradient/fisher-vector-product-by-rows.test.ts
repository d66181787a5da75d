import { compile, compileStaged, evaluate, explain, input, stopGradient, variable } from "@uphill/autodiff";
import type { Explanation, Tensor, Variable } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { bernoulli, categorical, diagonalNormal, maskedCategorical, multiCategorical } from "@uphill/distributions";
import type { Distribution } from "@uphill/distributions";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dot, expectClose } from "../../test/generators.js";
import { fisherVectorProduct } from "../index.js";

const observation = input("observation", ["batch", 3]);
const mask = input("mask", ["batch", 2], "int32");

/** A network from observations to `outputs` numbers, with its weights. */
function network(outputs: number, activation: (x: Tensor) => Tensor, widths: readonly number[] = [6, 5]) {
  const random = new Random(outputs);
  const parameters: Variable[] = [];
  const weights = (name: string, shape: readonly number[]): Variable => {
    const initial = Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0.6 * random.standardNormal());
    parameters.push(variable(name, shape, initial));
    return parameters[parameters.length - 1];
  };
  let x: Tensor = observation;
  [...widths, outputs].forEach((width, k) => {
    const kernel = weights(`kernel${k}`, [x.shape[1] as number, width]);
    const affine = x.matmul(kernel).add(weights(`bias${k}`, [width]));
    x = k === widths.length ? affine : activation(affine);
  });
  return { output: x, parameters };
}

const tanh = (x: Tensor) => x.tanh();
const relu = (x: Tensor) => x.relu();

/** A policy and its weights. */
interface Case {
  readonly policy: Distribution;
  readonly parameters: readonly Variable[];
}

function of(outputs: number, make: (output: Tensor) => Distribution, activation = tanh, widths?: readonly number[]): Case {
  const { output, parameters } = network(outputs, activation, widths);
  return { policy: make(output), parameters };
}

function withSpread(size: number): Case {
  const { output, parameters } = network(size, tanh);
  const logStandardDeviation = variable("spread", [size], -0.3);
  return { policy: diagonalNormal({ mean: output, logStandardDeviation }), parameters: [...parameters, logStandardDeviation] };
}

function computedSpread(): Case {
  const { output, parameters } = network(1, tanh);
  const spread = variable("spread", [1], -0.3);
  return { policy: diagonalNormal({ mean: output, logStandardDeviation: spread.tanh() }), parameters: [...parameters, spread] };
}

const cases: Readonly<Record<string, Case>> = {
  "a choice of two": of(2, (logits) => categorical({ logits })),
  "a choice of three, through ReLU": of(3, (logits) => categorical({ logits }), relu),
  "a choice of five": of(5, (logits) => categorical({ logits })),
  "a choice that a mask restricts": of(2, (logits) => maskedCategorical({ logits, mask })),
  "two choices at once": of(4, (logits) => multiCategorical({ logits, counts: [2, 2] })),
  "yes or no, without an axis": of(1, (logits) => bernoulli({ logits: logits.reshape(["batch"]) })),
  "a number of free spread": withSpread(1),
  "numbers of free spread": withSpread(2),
  "a number whose spread depends on the state": of(2, (z) =>
    diagonalNormal({ mean: z.slice(1, 0, 1), logStandardDeviation: z.slice(1, 1, 2).tanh() }),
  ),
  "a number of free spread, which is computed": computedSpread(),
  "a number whose spread depends on its mean": of(1, (mean) => diagonalNormal({ mean, logStandardDeviation: mean.tanh() })),
  "four layers": of(2, (logits) => categorical({ logits }), tanh, [4, 5, 4, 3]),
  "no hidden layer": of(2, (logits) => categorical({ logits }), tanh, []),
};

/** F v through the policy's coordinates, and as a Hessian in its weights. */
function products({ policy, parameters }: Case) {
  const directions = parameters.map(({ name, shape }) => input(`v/${name}`, shape));
  const held = Object.entries(policy.parameters).map(([name, tensor]) => [name, stopGradient(tensor)] as const);
  const kl = policy.withParameters(Object.fromEntries(held)).kl(policy).mean();
  const record = (tensors: readonly Tensor[]) => Object.fromEntries(tensors.map((tensor, k) => [parameters[k].name, tensor]));
  return {
    inputs: Object.fromEntries(directions.map((direction) => [direction.name!, direction])),
    byRows: record(fisherVectorProduct(kl, parameters, directions, Object.values(policy.parameters))),
    whole: record(fisherVectorProduct(kl, parameters, directions)),
  };
}

/** States and a direction. */
const feedsOf = ({ parameters }: Case, seed: number, rows: number) => {
  const random = new Random(seed);
  const normals = (length: number) => Float64Array.from({ length }, () => random.standardNormal());
  const states = { observation: normals(3 * rows), mask: Int32Array.from({ length: 2 * rows }, (_, i) => (i % 4 === 3 ? 0 : 1)) };
  return { states, directions: Object.fromEntries(parameters.map(({ name, initial }) => [`v/${name}`, normals(initial.length)])) };
};

describe.each(Object.entries(cases))("laws: %s", (name, one) => {
  const { byRows, whole, inputs } = products(one);
  const held: Readonly<Record<string, Tensor>> = name.includes("mask") ? { observation, mask } : { observation };

  test("through coordinates it is the Hessian's, in float64", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), (seed, rows) => {
        const { states, directions } = feedsOf(one, seed, rows);
        const given = Object.fromEntries(Object.keys(held).map((key) => [key, states[key as keyof typeof states]]));
        const [found, expected] = [byRows, whole].map((outputs) => evaluate(outputs, { ...given, ...directions }));
        for (const key of Object.keys(expected)) expectClose(found[key] as Float64Array, [...(expected[key] as Float64Array)]);
      }),
      // Some hundred steps of the interpreter each.
      { numRuns: 15 },
    );
  });

  test("compiled, with the forward pass kept: vᵀF w = wᵀF v, and as one program gives it", () => {
    const staged = compileStaged({ held, inputs, outputs: byRows });
    const program = compile({ inputs: { ...held, ...inputs }, outputs: byRows });
    const { states, directions: v } = feedsOf(one, 1, 50);
    const { directions: w } = feedsOf(one, 2, 50);
    const given = Object.fromEntries(Object.keys(held).map((key) => [key, states[key as keyof typeof states]]));
    const flat = (arrays: Readonly<Record<string, ArrayLike<number>>>) => Object.values(arrays).flatMap((array) => Array.from(array));
    const product = (directions: typeof v): number[] => {
      staged.execute(directions);
      return Object.keys(byRows).flatMap((key) => [...staged.view(key)]);
    };
    staged.hold(given);
    const [fv, fw] = [product(v), product(w)];
    expect(dot(flat(w), fv) / dot(flat(v), fw)).toBeCloseTo(1, 4);
    const size = Math.max(...fv.map(Math.abs));
    const direct = program.run({ ...given, ...v }) as Readonly<Record<string, Float32Array>>;
    flat(direct).forEach((number, k) => expect(Math.abs(number - fv[k])).toBeLessThanOrEqual(1e-5 * size));
  });
});

test.each([
  ["few coordinates: two products a layer", 2, 2 * 2 * (3 * 40 + 40 * 50 + 50 * 2)],
  ["many: four, but for those that would go on to the observation", 5, 2 * (4 * (40 * 50 + 50 * 5) + 2 * 3 * 40)],
])("%s", (_, outputs, flopsOfRow) => {
  const wide = of(outputs, (logits) => categorical({ logits }), tanh, [40, 50]);
  const { byRows, inputs } = products(wide);
  const program = compileStaged({ held: { observation }, inputs, outputs: byRows });
  const { states, directions } = feedsOf(wide, 1, 1000);
  program.hold({ observation: states.observation });
  program.execute(directions);
  const primitives = ({ steps }: Explanation) => new Set(steps.flatMap((step) => step.primitives));
  expect(primitives(explain(program.first))).toContain("tanh");
  for (const primitive of ["tanh", "exp", "logSumExp"]) expect(primitives(explain(program.second))).not.toContain(primitive);
  const multiplying = explain(program.second).steps.filter((step) => step.primitives.includes("matmul"));
  const flops = multiplying.reduce((sum, step) => sum + step.flops, 0) / 1000;
  // Beside the products, elementwise work of the loops that they are in: at most ten operations a unit.
  expect(flops).toBeGreaterThanOrEqual(flopsOfRow);
  expect(flops).toBeLessThan(flopsOfRow + 10 * (40 + 50 + outputs));
});
