import fc from "fast-check";
import { concat, constant, customGradient, input, logSumExp, maximum, minimum, stopGradient, variable, where, argMax } from "../index.js";
import type { NamedFeeds, PrimitiveName, Shape , Tensor} from "../index.js";
import { rootOnHost, runningSum } from "./host-operations.js";

/** An expression that uses one primitive, with values for its inputs. */
export interface PrimitiveCase {
  readonly result: Tensor;
  readonly feeds: NamedFeeds;
  /** The inputs with respect to which the result can be differentiated. */
  readonly differentiable: readonly Tensor[];
}

/** A shape as an expression has it, and as this case binds it. */
interface CaseShape {
  readonly shape: Shape;
  readonly lengths: readonly number[];
}

const rows = 3;
const lengthOf = (dimension: number | string): number => (typeof dimension === "number" ? dimension : rows);

const caseShape = (minimumRank: number, maximumRank: number): fc.Arbitrary<CaseShape> =>
  fc
    .array(fc.constantFrom<number | string>(1, 2, 3, 5, "batch"), { minLength: minimumRank, maxLength: maximumRank })
    // One named dimension at most, so that lengths determine it.
    .map((shape) => shape.map((d, axis) => (d === "batch" && shape.indexOf("batch") !== axis ? 2 : d)))
    .map((shape) => ({ shape, lengths: shape.map(lengthOf) }));

const count = (lengths: readonly number[]): number => lengths.reduce((product, length) => product * length, 1);

const values = (n: number, low: number, high: number): fc.Arbitrary<number[]> =>
  // Steps of 1/64 are exact in float32, so that both executors start from the same numbers.
  fc.array(fc.integer({ min: Math.ceil(low * 64), max: Math.floor(high * 64) }).map((k) => k / 64), {
    minLength: n,
    maxLength: n,
  });

/** Values that are pairwise at least 1/4 apart, so that no maximum is near a tie. */
const distinctValues = (n: number): fc.Arbitrary<number[]> =>
  fc.shuffledSubarray(Array.from({ length: n }, (_, k) => (k - n / 2) / 4), { minLength: n, maxLength: n });

/** Values away from 0, where a primitive has a kink. */
const awayFromZero = (n: number): fc.Arbitrary<number[]> =>
  values(n, 0.25, 3).chain((magnitudes) =>
    fc.array(fc.boolean(), { minLength: n, maxLength: n }).map((signs) => magnitudes.map((m, i) => (signs[i] ? m : -m))),
  );

type Domain = (n: number) => fc.Arbitrary<number[]>;
const moderate: Domain = (n) => values(n, -3, 3);
const positive: Domain = (n) => values(n, 0.25, 3);

function unary(apply: (x: Tensor) => Tensor, domain: Domain = moderate): fc.Arbitrary<PrimitiveCase> {
  return caseShape(0, 3).chain(({ shape, lengths }) =>
    domain(count(lengths)).map((x) => {
      const tensor = input("x", shape);
      return { result: apply(tensor), feeds: { x: feed(x, lengths) }, differentiable: [tensor] };
    }),
  );
}

/** Two inputs, the second stretched: a suffix of the first's shape with some axes of length 1. */
function binary(
  apply: (a: Tensor, b: Tensor) => Tensor,
  domainA: Domain = moderate,
  domainB: Domain = moderate,
  differentiable = true,
): fc.Arbitrary<PrimitiveCase> {
  return fc
    .record({ full: caseShape(0, 3), dropped: fc.nat(3), ones: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), swap: fc.boolean() })
    .chain(({ full, dropped, ones, swap }) => {
      const shape = full.shape.slice(Math.min(dropped, full.shape.length)).map((d, axis) => (ones[axis] ? 1 : d));
      const lengths = shape.map(lengthOf);
      return fc.tuple(domainA(count(full.lengths)), domainB(count(lengths))).map(([a, b]) => {
        const left = input("a", full.shape);
        const right = input("b", shape);
        const feeds = { a: feed(a, full.lengths), b: feed(b, lengths) };
        const inputs = [left, right];
        const swapped = swap && domainA === domainB;
        return {
          result: swapped ? apply(right, left) : apply(left, right),
          feeds,
          differentiable: differentiable ? inputs : [],
        };
      });
    });
}

/** Elements with their shape, since a named dimension and others may be ambiguous by length. */
const feed = (data: readonly number[], shape: readonly number[]) => ({ data, shape });

/** An elementwise choice between two inputs that never tie. */
function extremum(apply: (a: Tensor, b: Tensor) => Tensor): fc.Arbitrary<PrimitiveCase> {
  return caseShape(0, 3).chain(({ shape, lengths }) =>
    fc.tuple(moderate(count(lengths)), awayFromZero(count(lengths))).map(([a, difference]) => {
      const [left, right] = [input("a", shape), input("b", shape)];
      const b = a.map((x, i) => x + difference[i]);
      return { result: apply(left, right), feeds: { a: feed(a, lengths), b: feed(b, lengths) }, differentiable: [left, right] };
    }),
  );
}

function reduction(
  apply: (x: Tensor, axes: readonly number[], keepDimensions: boolean) => Tensor,
  domain: Domain,
): fc.Arbitrary<PrimitiveCase> {
  return caseShape(1, 4).chain(({ shape, lengths }) =>
    fc.tuple(domain(count(lengths)), fc.subarray(shape.map((_, axis) => axis), { minLength: 1 }), fc.boolean()).map(([x, axes, keep]) => {
      const tensor = input("x", shape);
      return { result: apply(tensor, axes, keep), feeds: { x: feed(x, lengths) }, differentiable: [tensor] };
    }),
  );
}

/** An expression over the last axis. */
function lastAxis(apply: (x: Tensor) => Tensor, domain: Domain, differentiable = true): fc.Arbitrary<PrimitiveCase> {
  return caseShape(1, 3).chain(({ shape, lengths }) =>
    domain(count(lengths)).map((x) => {
      const tensor = input("x", shape);
      return { result: apply(tensor), feeds: { x: feed(x, lengths) }, differentiable: differentiable ? [tensor] : [] };
    }),
  );
}

/** One input x of the given shapes, transformed by a choice that depends on its shape. */
function structural<C>(
  minimumRank: number,
  choose: (lengths: readonly number[], shape: Shape) => fc.Arbitrary<C>,
  apply: (x: Tensor, choice: C) => Tensor,
): fc.Arbitrary<PrimitiveCase> {
  return caseShape(minimumRank, 3).chain(({ shape, lengths }) =>
    fc.tuple(moderate(count(lengths)), choose(lengths, shape)).map(([x, choice]) => {
      const tensor = input("x", shape);
      return { result: apply(tensor, choice), feeds: { x: feed(x, lengths) }, differentiable: [tensor] };
    }),
  );
}

const fixedAxis = (shape: Shape): fc.Arbitrary<number> =>
  fc.constantFrom(...shape.flatMap((d, axis) => (typeof d === "number" ? [axis] : [])));

/** Shapes whose every axis is fixed, for primitives that need one. */
const withFixedLast = (shape: CaseShape): CaseShape => ({
  shape: [...shape.shape, 4],
  lengths: [...shape.lengths, 4],
});

function sliced(): fc.Arbitrary<PrimitiveCase> {
  return caseShape(0, 2).map(withFixedLast).chain(({ shape, lengths }) =>
    fc
      .tuple(moderate(count(lengths)), fixedAxis(shape))
      .chain(([x, axis]) =>
        fc.tuple(fc.constant(x), fc.constant(axis), fc.nat(lengths[axis]), fc.nat(lengths[axis])),
      )
      .map(([x, axis, p, q]) => {
        const tensor = input("x", shape);
        const result = tensor.slice(axis, Math.min(p, q), Math.max(p, q));
        return { result, feeds: { x: feed(x, lengths) }, differentiable: [tensor] };
      }),
  );
}

function padded(): fc.Arbitrary<PrimitiveCase> {
  return caseShape(0, 2).map(withFixedLast).chain(({ shape, lengths }) =>
    fc.tuple(moderate(count(lengths)), fixedAxis(shape), fc.nat(2), fc.nat(2)).map(([x, axis, before, after]) => {
      const tensor = input("x", shape);
      return { result: tensor.pad(axis, before, after), feeds: { x: feed(x, lengths) }, differentiable: [tensor] };
    }),
  );
}

function concatenated(): fc.Arbitrary<PrimitiveCase> {
  return caseShape(0, 2).map(withFixedLast).chain(({ shape, lengths }) =>
    fc.tuple(fixedAxis(shape), fc.integer({ min: 0, max: 3 })).chain(([axis, extra]) => {
      const other = { shape: shape.with(axis, extra), lengths: lengths.with(axis, extra) };
      return fc.tuple(moderate(count(lengths)), moderate(count(other.lengths))).map(([a, b]) => {
        const [left, right] = [input("a", shape), input("b", other.shape)];
        return {
          result: concat([left, right, left], axis),
          feeds: { a: feed(a, lengths), b: feed(b, other.lengths) },
          differentiable: [left, right],
        };
      });
    }),
  );
}

/** Indices with duplicates, into `length` rows. */
const indexValues = (n: number, length: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(length - 1), { minLength: n, maxLength: n });

function gathered(): fc.Arbitrary<PrimitiveCase> {
  return fc.tuple(fc.integer({ min: 1, max: 4 }), caseShape(0, 1), fc.integer({ min: 1, max: 6 })).chain(([n, rest, k]) =>
    fc.tuple(moderate(n * count(rest.lengths)), indexValues(k, n)).map(([x, indices]) => {
      const table = input("x", [n, ...rest.shape]);
      return {
        result: table.gather(input("indices", ["k"], "int32")),
        feeds: { x: feed(x, [n, ...rest.lengths]), indices },
        differentiable: [table],
      };
    }),
  );
}

function scattered(): fc.Arbitrary<PrimitiveCase> {
  return fc.tuple(fc.integer({ min: 1, max: 6 }), caseShape(0, 1), fc.integer({ min: 1, max: 4 })).chain(([k, rest, n]) =>
    fc.tuple(moderate(k * count(rest.lengths)), indexValues(k, n)).map(([x, indices]) => {
      const tensor = input("x", ["k", ...rest.shape]);
      return {
        result: tensor.scatterAdd(input("indices", ["k"], "int32"), n),
        feeds: { x: feed(x, [k, ...rest.lengths]), indices },
        differentiable: [tensor],
      };
    }),
  );
}

function alongLast(put: boolean): fc.Arbitrary<PrimitiveCase> {
  return fc.tuple(caseShape(0, 2), fc.integer({ min: 1, max: 4 })).chain(([lead, n]) => {
    const lengths = put ? lead.lengths : [...lead.lengths, n];
    return fc.tuple(moderate(count(lengths)), indexValues(count(lead.lengths), n)).map(([x, indices]) => {
      const at = input("indices", lead.shape, "int32");
      const tensor = input("x", put ? lead.shape : [...lead.shape, n]);
      return {
        result: put ? tensor.putAlong(at, n) : tensor.takeAlong(at),
        feeds: { x: feed(x, lengths), indices: feed(indices, lead.lengths) },
        differentiable: [tensor],
      };
    });
  });
}

function products(): fc.Arbitrary<PrimitiveCase> {
  const length = fc.constantFrom(1, 2, 3, 4, 5, 7, 9);
  return fc.record({ m: length, k: length, n: length, transposeA: fc.boolean(), transposeB: fc.boolean() }).chain(
    ({ m, k, n, transposeA, transposeB }) =>
      fc.tuple(moderate(m * k), moderate(k * n)).map(([a, b]) => {
        const left = input("a", transposeA ? [k, "m"] : ["m", k]);
        const right = input("b", transposeB ? [n, k] : [k, n]);
        return { result: left.matmul(right, { transposeA, transposeB }), feeds: { a, b }, differentiable: [left, right] };
      }),
  );
}

function selected(): fc.Arbitrary<PrimitiveCase> {
  return caseShape(0, 3).chain(({ shape, lengths }) =>
    fc.tuple(awayFromZero(count(lengths)), moderate(count(lengths)), moderate(1)).map(([m, a, b]) => {
      const [mask, left, right] = [input("m", shape), input("a", shape), input("b", [])];
      return {
        result: where(mask.greater(0), left, right),
        feeds: { m: feed(m, lengths), a: feed(a, lengths), b },
        differentiable: [left, right],
      };
    }),
  );
}

/**
 * Generated cases of every primitive. A new primitive without cases does not type-check.
 */
export const primitiveCases: { readonly [P in PrimitiveName]: fc.Arbitrary<PrimitiveCase> } = {
  input: unary((x) => x),
  variable: unary((x) => x.add(variable("v", [], 0.75))),
  constant: unary((x) => x.add(constant(0.75))),
  size: unary((x) => x.mean()),
  neg: unary((x) => x.neg()),
  exp: unary((x) => x.exp()),
  log: unary((x) => x.log(), positive),
  sqrt: unary((x) => x.sqrt(), positive),
  tanh: unary((x) => x.tanh()),
  sigmoid: unary((x) => x.sigmoid()),
  softplus: unary((x) => x.softplus()),
  erf: unary((x) => x.erf()),
  abs: unary((x) => x.abs(), awayFromZero),
  sign: unary((x) => x.sign(), awayFromZero),
  sin: unary((x) => x.sin()),
  cos: unary((x) => x.cos()),
  toFloat: unary((x) => x.greater(0).toFloat().mul(x), awayFromZero),
  toInt: unary((x) => x.toInt().toFloat().mul(x), (n) => values(n, 0, 3).map((x) => x.map((v) => Math.floor(v) + 0.5))),
  add: binary((a, b) => a.add(b)),
  sub: binary((a, b) => a.sub(b)),
  mul: binary((a, b) => a.mul(b)),
  div: binary((a, b) => a.div(b), moderate, positive),
  pow: binary((a, b) => a.pow(b), positive, moderate),
  minimum: extremum(minimum),
  maximum: extremum(maximum),
  less: extremum((a, b) => a.less(b).toFloat().mul(a)),
  lessEqual: extremum((a, b) => a.lessEqual(b).toFloat().mul(a)),
  equal: extremum((a, b) => a.equal(b).toFloat().mul(a)),
  select: selected(),
  sum: reduction((x, axes, keep) => x.sum(axes, keep), moderate),
  max: reduction((x, axes, keep) => x.max(axes, keep), distinctValues),
  logSumExp: lastAxis((x) => logSumExp(x), moderate),
  argMax: lastAxis((x) => argMax(x), distinctValues, false),
  broadcast: structural(0, () => fc.integer({ min: 1, max: 3 }), (x, n) => x.broadcastTo([n, ...x.shape])),
  reshape: structural(0, () => fc.nat(1), (x, k) => x.reshape(k === 0 ? [...x.shape, 1] : [1, ...x.shape])),
  transpose: structural(
    0,
    (lengths) => fc.shuffledSubarray(lengths.map((_, axis) => axis), { minLength: lengths.length, maxLength: lengths.length }),
    (x, permutation) => x.transpose(permutation),
  ),
  slice: sliced(),
  pad: padded(),
  concat: concatenated(),
  gather: gathered(),
  scatterAdd: scattered(),
  takeAlong: alongLast(false),
  putAlong: alongLast(true),
  matmul: products(),
  stopGradient: unary((x) => stopGradient(x).mul(0).add(x)),
  customGradient: unary((x) => customGradient(x.exp(), [x], (cotangent) => [cotangent.mul(x.exp())])),
  hostOperation: lastAxis((x) => runningSum(rootOnHost(x)), positive),
};
