import { cos, exp, log, sin, tanh } from "@uphill/core-math";
import type { PrimitiveName } from "../../src/primitives/primitive.js";
import { sigmoid } from "../../src/primitives/elementwise.js";
import { certainlyLargest } from "./largest.js";
import { DENORMAL, eachElement, UNIT } from "./bounded.js";
import type { Analysed } from "./bounded.js";

/** Error of float32's elementary functions: 8 units in the last place, which is more than any of them promises. */
const ELEMENTARY = 16;

/** A division may be a product with a reciprocal. */
const DIVISION = 3;

type Rule = (analysed: Analysed<PrimitiveName>) => Float64Array;

/**
 * @param roundings - Units of rounding that the function adds, relative to its result.
 * @param spread - How far f moves, from y = f(x), where x moves by at most e > 0.
 */
function unary(roundings: number, spread: (x: number, e: number, y: number) => number): Rule {
  return ({ inputs: [{ values, errors }], values: { data } }) =>
    eachElement(data.length, (i) => {
      if (errors[i] === 0 && data[i] === 0 && values.data[i] === 0) return 0;
      const moved = errors[i] === 0 ? 0 : spread(values.data[i], errors[i], data[i]);
      return moved + roundings * (UNIT * (Math.abs(data[i]) + moved) + DENORMAL);
    });
}

function periodic(spread: (x: number, e: number) => number): Rule {
  return ({ inputs: [{ values, errors }], values: { data } }) =>
    eachElement(data.length, (i) => Math.min(2, spread(values.data[i], errors[i]) + ELEMENTARY * UNIT));
}

/** As {@link unary}, of two numbers; at least one of the two bounds is not 0. */
function binary(roundings: number, spread: (a: number, b: number, ea: number, eb: number, y: number) => number): Rule {
  return ({ inputs: [a, b], values: { data } }) =>
    eachElement(data.length, (i) => {
      const [ea, eb] = [a.errors[i], b.errors[i]];
      const given = ea === 0 && eb === 0;
      // What float32 has is not rounded.
      if (given && roundings === 1 && Math.fround(data[i]) === data[i]) return 0;
      const moved = given ? 0 : spread(a.values.data[i], b.values.data[i], ea, eb, data[i]);
      return moved + roundings * (UNIT * (Math.abs(data[i]) + moved) + DENORMAL);
    });
}

/** As a rule has it, but 0 where the first operand, or either one, is 0 for certain, and so is the result. */
function zeroOf(rule: Rule, either: boolean): Rule {
  return (analysed) => {
    const operands = either ? analysed.inputs : analysed.inputs.slice(0, 1);
    const isZero = (i: number): boolean =>
      operands.some(({ values, errors }) => values.data[i] === 0 && errors[i] === 0) && analysed.values.data[i] === 0;
    return rule(analysed).map((error, i) => (error < Infinity && isZero(i) ? 0 : error));
  };
}

/** A choice between 0 and 1, open where the operands are closer than their bounds. */
const comparison: Rule = ({ node: { inputs: sources }, inputs: [a, b], values: { data } }) =>
  eachElement(data.length, (i) => {
    const reach = a.errors[i] + b.errors[i];
    const certain = sources[0] === sources[1] || reach === 0 || Math.abs(a.values.data[i] - b.values.data[i]) > reach;
    return certain ? 0 : 1;
  });

const larger = (_: number, __: number, ea: number, eb: number): number => Math.max(ea, eb);

/** The smallest |x| that float32 may have. */
const nearest = (x: number, e: number): number => Math.max(0, Math.abs(x) - e);

/** e^e − 1, or a little more. */
const growth = (e: number): number => e * exp(Math.min(e, 700));

/** Bounds of the primitives that act on each element alone: first-order analysis, with the second order added. */
export const elementwiseRules = {
  neg: unary(0, (_, e) => e),
  abs: unary(0, (_, e) => e),
  sign: unary(0, (x, e) => (Math.abs(x) > e ? 0 : 2)),
  exp: unary(ELEMENTARY, (_, e, y) => y * growth(e)),
  log: unary(ELEMENTARY, (x, e) => (e < x ? e / (x - e) : Infinity)),
  sqrt: unary(1, (x, e, y) => (e < x ? e / (y + Math.sqrt(x - e)) : Infinity)),
  tanh: unary(ELEMENTARY, (x, e) => e * (1 - tanh(nearest(x, e)) ** 2)),
  sigmoid: unary(ELEMENTARY, (x, e) => e * Math.min(0.25, sigmoid(x + e), sigmoid(e - x))),
  softplus: unary(ELEMENTARY, (x, e) => e * sigmoid(x + e)),
  erf: unary(ELEMENTARY, (x, e) => 1.13 * e * exp(-(nearest(x, e) ** 2))),
  // Relative to 1 and not to the result, since arguments are reduced by a multiple of π.
  sin: periodic((x, e) => e * (Math.abs(cos(x)) + e)),
  cos: periodic((x, e) => e * (Math.abs(sin(x)) + e)),
  add: binary(1, (_, __, ea, eb) => ea + eb),
  sub: binary(1, (_, __, ea, eb) => ea + eb),
  mul: zeroOf(binary(1, (a, b, ea, eb) => Math.abs(a) * eb + Math.abs(b) * ea + ea * eb), true),
  div: zeroOf(
    binary(DIVISION, (_, b, ea, eb, y) => (eb < Math.abs(b) ? (ea + Math.abs(y) * eb) / (Math.abs(b) - eb) : Infinity)),
    false,
  ),
  // Its logarithm is b log a.
  pow: binary(4 * ELEMENTARY, (a, b, ea, eb, y) =>
    ea < a ? Math.abs(y) * growth((Math.abs(b) + eb) * (ea / (a - ea)) + eb * Math.abs(log(a))) : Infinity,
  ),
  minimum: binary(0, larger),
  maximum: binary(0, larger),
  less: comparison,
  lessEqual: comparison,
  equal: (analysed) => certainlyLargest(analysed) ?? comparison(analysed),
  select: ({ inputs: [mask, a, b], values: { data } }) =>
    eachElement(data.length, (i) => {
      const either = Math.max(a.errors[i], b.errors[i]);
      if (mask.errors[i] > 0) return Math.abs(a.values.data[i] - b.values.data[i]) + either;
      return mask.values.data[i] === 0 ? b.errors[i] : a.errors[i];
    }),
  toFloat: unary(1, (_, e) => e),
  toInt: unary(0, (x, e) => (Math.trunc(x - e) === Math.trunc(x + e) ? 0 : e + 1)),
} satisfies Partial<Record<PrimitiveName, Rule>>;
