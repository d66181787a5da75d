import type { FunctionReference, ModuleAssembler } from "../assembler.js";

/** 2/π in digits of 24 bits, each at its place; together they leave out less than 2⁻⁶⁴ of the largest product. */
const TWO_OVER_PI = [0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041].map(
  (digit, k) => digit * 2 ** (-24 * (k + 1)),
);
const HALF_PI = 1.5707963267948966;

/**
 * A function that divides finite numbers, however large, by π/2: [x] → [remainder in ±π/4, quotient modulo 2ⁿ, n ≥ 2].
 *
 * In float64, where x times a digit of 2/π is exact: the sum of the products is kept between ±½, so that it has the
 * bits that count, and the integers that are taken from it are counted. (Payne and Hanek, 1983, digit by digit.)
 */
export function largeAngles(module: ModuleAssembler): FunctionReference {
  const name = "math.largeAngles";
  const signature = { parameters: ["v128"], results: ["v128", "v128"] } as const;
  return (
    module.find(name) ??
    module.addFunction(name, signature, (f) => {
      const angles = f.parameter(0);
      const [x, product, sum, count, integer] = Array.from({ length: 5 }, () => f.local("v128"));
      const [remainders, quotients] = [0, 1].map(() => [f.local("v128"), f.local("v128")]);
      for (const half of [0, 1]) {
        f.get(angles).get(angles).shuffle(half === 0 ? [0, 1, 0, 1] : [2, 3, 2, 3]);
        f.op("f64x2.promote_low_f32x4").set(x).f64x2(0).tee(sum).set(count);
        for (const digit of TWO_OVER_PI) {
          // Multiples of four quadrants are left out.
          f.get(x).f64x2(digit).op("f64x2.mul").tee(product);
          f.get(product).f64x2(0.25).op("f64x2.mul").op("f64x2.nearest").f64x2(4).op("f64x2.mul").op("f64x2.sub");
          f.get(sum).op("f64x2.add").tee(sum).op("f64x2.nearest").set(integer);
          f.get(sum).get(integer).op("f64x2.sub").set(sum);
          f.get(count).get(integer).op("f64x2.add").set(count);
        }
        f.get(sum).f64x2(HALF_PI).op("f64x2.mul").op("f32x4.demote_f64x2_zero").set(remainders[half]);
        f.get(count).op("i32x4.trunc_sat_f64x2_s_zero").set(quotients[half]);
      }
      for (const [low, high] of [remainders, quotients]) f.get(low).get(high).shuffle([0, 1, 4, 5]);
    })
  );
}
