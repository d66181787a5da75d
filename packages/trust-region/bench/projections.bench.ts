import { compile, grad, input } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { Random } from "@uphill/core-math";
import { bench } from "vitest";
import { diagonalFrobeniusProjection, frobeniusProjection } from "../src/projections/frobenius-projection.js";
import { diagonalKlProjection, klProjection } from "../src/projections/kl-projection.js";
import { diagonalMeanProjection, meanProjection } from "../src/projections/mean-projection.js";
import { diagonalWassersteinProjection, wassersteinProjection } from "../src/projections/wasserstein-projection.js";

const [states, actions] = [2048, 6];
const random = new Random(1);

/** A Aᵀ/n + ½ I for each state: far enough apart that the bound binds nearly everywhere. */
function covariances(): Float32Array {
  const size = actions * actions;
  const draws = new Float64Array(size);
  const all = new Float32Array(states * size);
  for (let start = 0; start < all.length; start += size) {
    random.fillStandardNormal(draws);
    for (let k = 0; k < size; k++) {
      const [i, j] = [Math.floor(k / actions), k % actions];
      let sum = i === j ? 0.5 : 0;
      for (let a = 0; a < actions; a++) sum += (draws[i * actions + a] * draws[j * actions + a]) / actions;
      all[start + k] = sum;
    }
  }
  return all;
}

const vectors = (least: number): Float32Array => Float32Array.from({ length: states * actions }, () => least + random.random());
const matrix = (name: string): Tensor => input(name, ["batch", actions, actions]);
const vector = (name: string): Tensor => input(name, ["batch", actions]);
const inputs = {
  covariance: matrix("covariance"),
  oldCovariance: matrix("oldCovariance"),
  standardDeviation: vector("standardDeviation"),
  oldStandardDeviation: vector("oldStandardDeviation"),
  mean: vector("mean"),
  oldMean: vector("oldMean"),
};
const feeds = {
  covariance: covariances(),
  oldCovariance: covariances(),
  standardDeviation: vectors(0.5),
  oldStandardDeviation: vectors(0.5),
  mean: vectors(0),
  oldMean: vectors(0),
};
const options = { ...inputs, bound: 0.01 };

const layers: Readonly<Record<string, [result: Tensor, by: Tensor]>> = {
  "mean, diagonal": [diagonalMeanProjection(options), inputs.mean],
  "mean, full": [meanProjection(options), inputs.mean],
  "Frobenius, diagonal": [diagonalFrobeniusProjection(options), inputs.standardDeviation],
  "Frobenius, full": [frobeniusProjection(options), inputs.covariance],
  "Wasserstein, diagonal": [diagonalWassersteinProjection(options), inputs.standardDeviation],
  "Wasserstein, full": [wassersteinProjection(options), inputs.covariance],
  "KL, diagonal": [diagonalKlProjection(options), inputs.standardDeviation],
  "KL, full": [klProjection(options), inputs.covariance],
};

for (const [name, [result, by]] of Object.entries(layers)) {
  const [gradient] = grad(result.square().sum(), [by]);
  const value = compile({ inputs, outputs: { result } });
  const both = compile({ inputs, outputs: { result, gradient } });
  bench(`${name}: value`, () => value.execute(feeds), { time: 200 });
  bench(`${name}: value and gradient`, () => both.execute(feeds), { time: 200 });
}
