import { compile, grad, input } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { diagonalNormal, fullNormal } from "@uphill/distributions";
import { describe, expect, test } from "vitest";
import { covarianceOfFactor, factorOfCovariance } from "./cholesky.js";
import { entropyProjection } from "./entropy-projection.js";
import { diagonalKlProjection, klProjection } from "./kl-projection.js";
import { diagonalMeanProjection, meanProjection } from "./mean-projection.js";

const [states, actions] = [40, 3];
const [meanBound, covarianceBound] = [0.04, 0.01];
const vector = (name: string) => input(name, ["batch", actions]);
const matrix = (name: string) => input(name, ["batch", actions, actions]);
const random = new Random(3);
const normals = (length: number, scale: number): Float32Array => Float32Array.from({ length }, () => scale * random.standardNormal());

describe("a policy of the default executor keeps to the region in every state", () => {
  test("with correlated actions, by its factor", () => {
    const inputs = { mean: vector("mean"), oldMean: vector("oldMean"), factor: matrix("factor"), oldFactor: matrix("oldFactor") };
    const [covariance, oldCovariance] = [covarianceOfFactor(inputs.factor), covarianceOfFactor(inputs.oldFactor)];
    const projected = klProjection({ covariance, oldCovariance, bound: covarianceBound });
    const policy = fullNormal({
      mean: meanProjection({ mean: inputs.mean, oldMean: inputs.oldMean, oldCovariance, bound: meanBound }),
      factor: factorOfCovariance(projected),
    });
    const old = fullNormal({ mean: inputs.oldMean, factor: inputs.oldFactor });
    const kl = policy.kl(old);
    const [toMean, toFactor] = grad(policy.entropy().sum().add(policy.mean().sum()), [inputs.mean, inputs.factor]);
    const feeds = {
      mean: normals(states * actions, 1),
      oldMean: normals(states * actions, 1),
      factor: normals(states * actions * actions, 0.5),
      oldFactor: normals(states * actions * actions, 0.5),
    };
    const result = compile({ inputs, outputs: { kl, toMean, toFactor } }).run(feeds);
    // Both bounds bind in every state; in float32 a KL has an error of some 1e-6.
    for (const value of result.kl as Float32Array) expect(Math.abs(value - (meanBound / 2 + covarianceBound))).toBeLessThan(1e-5);
    for (const gradient of [result.toMean, result.toFactor] as Float32Array[]) {
      expect(gradient.every(Number.isFinite)).toBe(true);
      expect(gradient.some((x) => Math.abs(x) > 1e-3)).toBe(true);
    }
  });

  test("with independent actions, by their standard deviations", () => {
    const inputs = { mean: vector("mean"), oldMean: vector("oldMean"), logDeviation: vector("logDeviation"), oldLogDeviation: vector("oldLogDeviation") };
    const oldStandardDeviation = inputs.oldLogDeviation.exp();
    const projected = diagonalKlProjection({ standardDeviation: inputs.logDeviation.exp(), oldStandardDeviation, bound: covarianceBound });
    const policy = diagonalNormal({
      mean: diagonalMeanProjection({ mean: inputs.mean, oldMean: inputs.oldMean, oldStandardDeviation, bound: meanBound }),
      logStandardDeviation: projected.log(),
    });
    const kl = policy.kl(diagonalNormal({ mean: inputs.oldMean, logStandardDeviation: inputs.oldLogDeviation }));
    const size = states * actions;
    const feeds = { mean: normals(size, 1), oldMean: normals(size, 1), logDeviation: normals(size, 0.5), oldLogDeviation: normals(size, 0.5) };
    const divergences = compile({ inputs, outputs: { kl } }).run(feeds).kl as Float32Array;
    // In a few states the bound does not bind.
    expect(Math.abs(Math.max(...divergences) - (meanBound / 2 + covarianceBound))).toBeLessThan(1e-5);
    expect(divergences.filter((value) => value > 0.029).length).toBeGreaterThan(states / 2);
  });

  test("with an entropy from below", () => {
    const factor = matrix("factor");
    const covariance = entropyProjection({ covariance: covarianceOfFactor(factor), leastEntropy: 4 });
    const mean = vector("mean");
    const policy = fullNormal({ mean, factor: factorOfCovariance(covariance) });
    const program = compile({ inputs: { factor, mean }, outputs: { entropy: policy.entropy() } });
    const feeds = { factor: normals(states * actions * actions, 0.5), mean: normals(states * actions, 1) };
    for (const value of program.run(feeds).entropy as Float32Array) expect(value).toBeGreaterThan(4 - 1e-5);
  });
});
