import { bench, describe } from "vitest";
import { built } from "./built.js";
import { loop, spread } from "./loop.js";

const cases = [
  { name: "expm1", compute: built.expm1, values: spread(-3, 3) },
  { name: "log1p", compute: built.log1p, values: spread(-0.9, 3) },
  { name: "erf", compute: built.erf, values: spread(-3, 3) },
  { name: "erfc", compute: built.erfc, values: spread(-3, 6) },
  { name: "normalCdf", compute: built.normalCdf, values: spread(-4, 4) },
  { name: "logNormalCdf", compute: built.logNormalCdf, values: spread(-10, 4) },
  { name: "normalQuantile", compute: built.normalQuantile, values: spread(0.001, 0.999) },
  { name: "logGamma", compute: built.logGamma, values: spread(0.1, 20) },
  { name: "digamma", compute: built.digamma, values: spread(0.1, 20) },
  { name: "trigamma", compute: built.trigamma, values: spread(0.1, 20) },
  { name: "softplus", compute: built.softplus, values: spread(-5, 5) },
  { name: "inverseSoftplus", compute: built.inverseSoftplus, values: spread(0.01, 5) },
];

describe("1,000 calls", () => {
  for (const { name, compute, values } of cases) bench(name, loop(compute, values));
});
