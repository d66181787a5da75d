import { compile, float32, grad, input, interpreter, webAssembly } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { OptionError, ShapeError } from "@uphill/core-math";
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  binding,
  deviations,
  diagonalCovariance,
  expectClose,
  expectGradients,
  frobeniusDistance,
  klDistance,
  loose,
  pairs,
  valuesOf,
  wassersteinDistance,
} from "../../test/covariances.js";
import { diagonalFrobeniusProjection, frobeniusProjection } from "./frobenius-projection.js";
import { diagonalKlProjection, klProjection } from "./kl-projection.js";
import { diagonalWassersteinProjection, wassersteinProjection } from "./wasserstein-projection.js";

const projections = [
  { name: "Frobenius", full: frobeniusProjection, diagonal: diagonalFrobeniusProjection, distance: frobeniusDistance },
  { name: "Wasserstein", full: wassersteinProjection, diagonal: diagonalWassersteinProjection, distance: wassersteinDistance },
  { name: "KL", full: klProjection, diagonal: diagonalKlProjection, distance: klDistance },
];
const bound = input("bound", []);

describe.each(projections)("$name", ({ full, diagonal, distance }) => {
  const tensors = (n: number) => {
    const [covariance, oldCovariance] = [input("covariance", [n, n]), input("oldCovariance", [n, n])];
    return { covariance, oldCovariance, projected: full({ covariance, oldCovariance, bound }) };
  };
  const diagonalTensors = (n: number) => {
    const [standardDeviation, oldStandardDeviation] = [input("standardDeviation", [n]), input("oldStandardDeviation", [n])];
    return { standardDeviation, oldStandardDeviation, projected: diagonal({ standardDeviation, oldStandardDeviation, bound }) };
  };

  describe("full", () => {
    test("the result is symmetric and at the bound where it binds, and projecting again changes nothing", () => {
      fc.assert(
        fc.property(pairs, binding, ({ n, covariance, oldCovariance }, share) => {
          const limit = share * distance(covariance, oldCovariance);
          const { projected } = tensors(n);
          const result = valuesOf(projected, { covariance, oldCovariance, bound: limit });
          expectClose([distance(result, oldCovariance) / limit], [1]);
          expectClose(valuesOf(projected, { covariance: result, oldCovariance, bound: limit }), result);
          for (let k = 0; k < n * n; k++) expect(result[k]).toBeCloseTo(result[(k % n) * n + Math.floor(k / n)], 13);
        }),
      );
    });

    test("inside the region it is the identity, to the bit", () => {
      fc.assert(
        fc.property(pairs, loose, ({ n, covariance, oldCovariance }, share) => {
          const limit = share * distance(covariance, oldCovariance);
          const result = valuesOf(tensors(n).projected, { covariance, oldCovariance, bound: limit });
          expect(result).toEqual([...covariance]);
        }),
      );
    });

    test("its gradients are the differences, by both covariances and the bound, where it binds", () => {
      fc.assert(
        fc.property(pairs, binding, ({ n, covariance, oldCovariance }, share) => {
          const given = tensors(n);
          const feeds = { covariance, oldCovariance, bound: [share * distance(covariance, oldCovariance)] };
          expectGradients(given.projected, [given.covariance, given.oldCovariance, bound], feeds);
        }),
        { numRuns: 25 },
      );
    });

    test("inside, the gradient passes as it is, and none goes to what is old", () => {
      fc.assert(
        fc.property(pairs, loose, ({ n, covariance, oldCovariance }, share) => {
          const given = tensors(n);
          const feeds = { covariance, oldCovariance, bound: [share * distance(covariance, oldCovariance)] };
          expectGradients(given.projected, [given.covariance], feeds);
          const [toOld, toBound] = grad(given.projected.square().sum(), [given.oldCovariance, bound]);
          for (const gradient of [...valuesOf(toOld, feeds), ...valuesOf(toBound, feeds)]) expect(gradient).toBe(0);
        }),
        { numRuns: 25 },
      );
    });

    test("where nothing has moved yet, as at the first step of an update, the gradient is that of the identity", () => {
      fc.assert(
        fc.property(pairs, deviations, ({ n, covariance }, { n: m, standardDeviation }) => {
          const given = tensors(n);
          const [gradient] = grad(given.projected.square().sum(), [given.covariance]);
          expectClose(valuesOf(gradient, { covariance, oldCovariance: covariance, bound: 0.01 }), covariance.map((x) => 2 * x));
          const { standardDeviation: deviation, projected } = diagonalTensors(m);
          const [slope] = grad(projected.square().sum(), [deviation]);
          const [curvature] = grad(slope.sum(), [deviation]);
          const feeds = { standardDeviation, oldStandardDeviation: standardDeviation, bound: 0.01 };
          expectClose(valuesOf(slope, feeds), standardDeviation.map((x) => 2 * x));
          expectClose(valuesOf(curvature, feeds), standardDeviation.map(() => 2));
        }),
      );
    });

    test("the same bound on a nearer covariance moves it less: the result never overshoots", () => {
      fc.assert(
        fc.property(pairs, binding, ({ n, covariance, oldCovariance }, share) => {
          const whole = distance(covariance, oldCovariance);
          const { projected } = tensors(n);
          const [near, far] = [share * whole, Math.min(1, share * 1.2) * whole].map((limit) =>
            distance(valuesOf(projected, { covariance, oldCovariance, bound: limit }), covariance),
          );
          expect(far).toBeLessThanOrEqual(near + 1e-12);
        }),
      );
    });

    test("matrices of a batch do not touch each other, and batches nest", () => {
      fc.assert(
        fc.property(fc.array(pairs, { minLength: 2, maxLength: 5 }), (many) => {
          const same = many.filter(({ n }) => n === many[0].n);
          const { n } = many[0];
          const limit = 0.5 * distance(same[0].covariance, same[0].oldCovariance);
          const [covariance, oldCovariance] = [input("covariance", [1, "batch", n, n]), input("oldCovariance", [1, "batch", n, n])];
          const together = valuesOf(full({ covariance, oldCovariance, bound: limit }), {
            covariance: same.flatMap((one) => [...one.covariance]),
            oldCovariance: same.flatMap((one) => [...one.oldCovariance]),
          });
          const apart = same.flatMap((one) => valuesOf(tensors(n).projected, { covariance: one.covariance, oldCovariance: one.oldCovariance, bound: limit }));
          expect(together).toEqual(apart);
        }),
      );
    });

    test("executors in float32 agree with the interpreter, values and gradients", () => {
      const inputs = { covariance: input("covariance", ["batch", 3, 3]), oldCovariance: input("oldCovariance", ["batch", 3, 3]) };
      const projected = full({ ...inputs, bound: 0.05 });
      const [gradient, oldGradient] = grad(projected.square().sum(), [inputs.covariance, inputs.oldCovariance]);
      const outputs = { projected, gradient, oldGradient };
      const threes = fc.sample(pairs.filter(({ n }) => n === 3), 20);
      const rounded = (name: "covariance" | "oldCovariance") => Float32Array.from(threes.flatMap((one) => [...one[name]]));
      const feeds = { covariance: rounded("covariance"), oldCovariance: rounded("oldCovariance") };
      const truth = compile({ inputs, outputs, backend: interpreter }).run(feeds);
      for (const backend of [float32, webAssembly()]) {
        const actual = compile({ inputs, outputs, backend }).run(feeds);
        // Eigenvectors and multipliers pass through float32 on the way to the gradients.
        for (const name of ["projected", "gradient", "oldGradient"] as const) {
          expectClose(actual[name] as Float32Array, truth[name] as Float64Array, name === "projected" ? 1e-5 : 1e-4);
        }
      }
    });
  });

  describe("diagonal", () => {
    test("it is the full one on diagonal covariances", () => {
      fc.assert(
        fc.property(deviations, fc.oneof(binding, loose), ({ n, standardDeviation, oldStandardDeviation }, share) => {
          const [covariance, oldCovariance] = [standardDeviation, oldStandardDeviation].map(diagonalCovariance);
          const limit = share * distance(covariance, oldCovariance);
          const result = valuesOf(diagonalTensors(n).projected, { standardDeviation, oldStandardDeviation, bound: limit });
          expectClose(diagonalCovariance(result), valuesOf(tensors(n).projected, { covariance, oldCovariance, bound: limit }));
          if (share < 1) expectClose([distance(diagonalCovariance(result), oldCovariance) / limit], [1]);
          else expect(result).toEqual([...standardDeviation]);
        }),
      );
    });

    test("its gradients are the differences", () => {
      fc.assert(
        fc.property(deviations, fc.oneof(binding, loose), ({ n, standardDeviation, oldStandardDeviation }, share) => {
          const [covariance, oldCovariance] = [standardDeviation, oldStandardDeviation].map(diagonalCovariance);
          const given = diagonalTensors(n);
          const feeds = { standardDeviation, oldStandardDeviation, bound: [share * distance(covariance, oldCovariance)] };
          expectGradients(given.projected, [given.standardDeviation, given.oldStandardDeviation, bound], feeds);
        }),
        { numRuns: 25 },
      );
    });

    test("a NaN comes out as one, whichever side it came in from", () => {
      const { projected } = diagonalTensors(2);
      for (const name of ["standardDeviation", "oldStandardDeviation"]) {
        const feeds = { standardDeviation: [1, 2], oldStandardDeviation: [2, 1], bound: 0.1, [name]: [1, Number.NaN] };
        expect(valuesOf(projected, feeds)[1]).toBeNaN();
      }
    });

    test("its gradient can be differentiated again", () => {
      fc.assert(
        fc.property(deviations, binding, ({ n, standardDeviation, oldStandardDeviation }, share) => {
          const given = diagonalTensors(n);
          const [covariance, oldCovariance] = [standardDeviation, oldStandardDeviation].map(diagonalCovariance);
          const feeds = { standardDeviation, oldStandardDeviation, bound: [share * distance(covariance, oldCovariance)] };
          const [gradient] = grad(given.projected.square().sum(), [given.standardDeviation]);
          expectGradients(gradient, [given.standardDeviation], feeds);
        }),
        { numRuns: 10 },
      );
    });
  });

  describe("refuses", () => {
    const covariance = input("covariance", [2, 2]);
    test.each<[string, () => Tensor, new (message: string) => Error, string]>([
      ["what is no tensor", () => full({ covariance: 1 as never, oldCovariance: covariance, bound: 1 }), OptionError, "covariance: expected a float32 tensor, got 1"],
      ["what is not square", () => full({ covariance: input("c", [2, 3]), oldCovariance: covariance, bound: 1 }), ShapeError, "covariance: expected square matrices [..., n, n] of fixed n ≥ 1, got shape [2, 3]"],
      ["another shape", () => full({ covariance, oldCovariance: input("o", [3, 3]), bound: 1 }), ShapeError, "oldCovariance: expected shape [2, 2], got [3, 3]"],
      ["a bound of 0", () => full({ covariance, oldCovariance: covariance, bound: 0 }), OptionError, "bound: expected a finite number > 0, got 0"],
      ["a bound for each", () => full({ covariance, oldCovariance: covariance, bound: input("b", [2]) }), ShapeError, "bound: expected shape [], got [2]"],
      ["integers", () => diagonal({ standardDeviation: input("s", [2], "int32"), oldStandardDeviation: input("o", [2]), bound: 1 }), OptionError, "standardDeviation: expected a float32 tensor, got int32"],
      ["a scalar", () => diagonal({ standardDeviation: input("s", []), oldStandardDeviation: input("o", []), bound: 1 }), ShapeError, "standardDeviation: expected a last axis of fixed length ≥ 1, got shape []"],
    ])("%s", (_, call, ErrorClass, message) => {
      expect(call).toThrow(ErrorClass);
      expect(call).toThrow(message);
    });
  });
});

describe.each([
  { name: "klProjection", full: klProjection },
  { name: "wassersteinProjection", full: wassersteinProjection },
])("$name refuses when it runs", ({ name, full }) => {
  const [covariance, oldCovariance] = [input("covariance", ["batch", 2, 2]), input("oldCovariance", ["batch", 2, 2])];
  const good = [1, 0, 0, 1];
  const bad = [1, 2, 2, 1];
  const run = (feeds: Record<string, ArrayLike<number> | number>) => (): unknown =>
    valuesOf(full({ covariance, oldCovariance, bound }), { bound: 0.1, ...feeds });

  test("a covariance that is not positive definite, by its place", () => {
    const feeds = { covariance: [...good, ...bad], oldCovariance: [...good, ...good] };
    expect(run(feeds)).toThrow(OptionError);
    expect(run(feeds)).toThrow(`${name}: covariance at [1]: expected a symmetric positive definite matrix`);
    expect(run({ covariance: good, oldCovariance: bad })).toThrow(`${name}: oldCovariance at [0]: expected a symmetric`);
    expect(run({ covariance: [Number.NaN, 0, 0, 1], oldCovariance: good })).toThrow(`${name}: covariance at [0]: expected a symmetric`);
  });

  test("a bound that is fed and is none", () => {
    expect(run({ covariance: good, oldCovariance: good, bound: 0 })).toThrow(`${name}: bound: expected a finite number > 0, got 0`);
  });

  test("a second derivative", () => {
    const [gradient] = grad(full({ covariance, oldCovariance, bound }).sum(), [covariance]);
    expect(() => grad(gradient.sum(), [covariance])).toThrow(`${name}: expected a first derivative, got a second`);
  });
});

interface Reference {
  readonly old_covariance: number[][];
  readonly covariance: number[][];
  readonly covariance_bound: number;
  readonly frobenius: { readonly distance: number; readonly covariance: number[][] };
  readonly wasserstein_commutative_scaled: { readonly distance: number; readonly sqrt_covariance: number[][] };
  readonly kl_covariance_part: { readonly distance: number; readonly covariance: number[][] };
}

const text = readFileSync(new URL("../../test/reference/trust_region_projections.json", import.meta.url), "utf8");

test.each(JSON.parse(text) as Reference[])("reference projection %#", (reference) => {
  const n = reference.covariance.length;
  const feeds = { covariance: reference.covariance.flat(), oldCovariance: reference.old_covariance.flat() };
  const options = { covariance: input("covariance", [n, n]), oldCovariance: input("oldCovariance", [n, n]), bound: reference.covariance_bound };
  const { frobenius, wasserstein_commutative_scaled: wasserstein, kl_covariance_part: kl } = reference;
  const root = wasserstein.sqrt_covariance;
  const square = root.flatMap((row) => root.map((column) => row.reduce((sum, x, k) => sum + x * column[k], 0)));
  expectClose(valuesOf(frobeniusProjection(options), feeds), frobenius.covariance.flat());
  expectClose(valuesOf(wassersteinProjection(options), feeds), square);
  expectClose(valuesOf(klProjection(options), feeds), kl.covariance.flat());
  const distances = [frobeniusDistance, wassersteinDistance, klDistance].map((distance) => distance(feeds.covariance, feeds.oldCovariance));
  expectClose(distances, [frobenius.distance, wasserstein.distance, kl.distance]);
});
