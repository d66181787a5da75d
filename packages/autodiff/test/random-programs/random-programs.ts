import fc from "fast-check";
import { argMax, assign, concat, grad, input, logSoftmax, logSumExp, maximum, minimum, softmax, variable, where } from "../../src/index.js";
import type { Shape, Tensor } from "../../src/index.js";
import type { ProgramFeeds, ProgramParts } from "./bounded-program.js";
import { printProgram } from "./print-program.js";

/** A program with the feeds of a few runs, each of another batch. */
export interface RandomProgram {
  readonly parts: ProgramParts;
  readonly runs: readonly { readonly batch: number; readonly feeds: ProgramFeeds }[];
}

/** Lengths with every remainder of the lanes' number, and some beyond a tile. */
const lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 19, 33];
const tableRows = 5;

/** Every program's leaves: full is `["batch", n]`. */
function leavesOf(n: number, p: number) {
  return {
    matrix: input("matrix", ["batch", n]),
    other: input("other", ["batch", n]),
    row: input("row", [n]),
    column: input("column", ["batch", 1]),
    square: input("square", [n, n]),
    weights: input("weights", [n, p]),
    bias: input("bias", [p]),
    table: input("table", [tableRows, n]),
    scalar: input("scalar", []),
    mask: input("mask", ["batch", n], "int32"),
    position: input("position", ["batch"], "int32"),
    choice: input("choice", ["batch"], "int32"),
  };
}
type Leaves = ReturnType<typeof leavesOf>;

// Operations that keep magnitudes small, so that rounding does not drown what is computed.
const unary: readonly ((x: Tensor) => Tensor)[] = [
  (x) => x.tanh(),
  (x) => x.sin(),
  (x) => x.cos(),
  (x) => x.sigmoid(),
  (x) => x.neg(),
  (x) => x.relu(),
  (x) => x.elu(),
  (x) => x.gelu(),
  (x) => x.clip(-0.75, 0.5),
  (x) => x.softplus().mul(0.5),
  (x) => x.square().add(1).sqrt().reciprocal(),
  (x) => x.tanh().exp().mul(0.3),
  (x) => x.square().add(1).log(),
  (x) => x.square().add(0.5).pow(0.7).mul(0.4),
  (x) => x.abs().mul(0.5),
  (x) => x.mul(0.5).add(0.25),
  (x) => x.tanh().mul(3).toInt().toFloat().add(x),
  (x) => x.sign().mul(0.1).add(x),
];

const binary: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => a.add(b).mul(0.5),
  (a, b) => a.sub(b).mul(0.5),
  (a, b) => a.tanh().mul(b),
  (a, b) => a.div(b.square().add(1)),
  minimum,
  maximum,
  (a, b) => where(a.less(b), a, b.mul(0.5)),
];

/** Operations on a full matrix that give one again, by way of other shapes. */
function reshaping({ square, weights, bias, row, table, mask, position, choice }: Leaves): readonly ((x: Tensor) => Tensor)[] {
  const n = row.shape[0] as number;
  const third = Math.ceil(n / 3);
  return [
    (x) => x.matmul(square).mul(0.2),
    (x) => x.matmul(square.mul(1 / 16)),
    (x) => x.matmul(square, { transposeB: true }).add(row).tanh(),
    (x) => x.matmul(weights).add(bias).tanh().matmul(weights, { transposeB: true }).mul(0.2),
    (x) => x.matmul(weights).add(bias).relu().sum(1, true).mul(0.1).add(x),
    (x) => x.matmul(x.matmul(x, { transposeA: true }).mul(0.1)).tanh(),
    (x) => x.matmul(x, { transposeB: true }).mul(0.1).matmul(x).tanh(),
    (x) => x.sum(1, true).add(x).mul(0.25),
    (x) => x.mean(0).add(x),
    (x) => x.square().sum().add(1).sqrt().reciprocal().mul(x),
    (x) => x.sub(x.max(1, true)),
    (x) => x.sub(x.max(0)),
    (x) => softmax(x),
    (x) => logSoftmax(x).mul(0.3),
    (x) => x.sub(logSumExp(x, 0, true)),
    (x) => argMax(x).toFloat().mul(0.1).reshape(["batch", 1]).add(x),
    (x) => x.transpose().transpose([1, 0]).add(x.transpose().max(0).reshape(["batch", 1])),
    (x) => concat([x.slice(1, third, n), x.slice(1, 0, third)], 1),
    (x) => x.slice(1, 0, third).pad(1, n - third, 0),
    (x) => where(mask, x, x.neg().mul(0.5)),
    (x) => x.reshape([1, "batch", n]).broadcastTo([2, "batch", n]).sum(0).mul(0.5),
    (x) => x.scatterAdd(position, tableRows).gather(position).mul(0.3),
    (x) => table.gather(position).mul(0.5).add(x),
    (x) => x.takeAlong(choice).putAlong(choice, n).add(x),
  ];
}

/** How the next expression is made of earlier ones; the numbers choose which. */
interface Choice {
  readonly operation: number;
  readonly left: number;
  readonly right: number;
}

function expressions(leaves: Leaves, choices: readonly Choice[]): Tensor[] {
  const full: Shape = leaves.matrix.shape;
  const structural = reshaping(leaves);
  const kinds = unary.length + binary.length + structural.length;
  const made: Tensor[] = [leaves.matrix, leaves.other, leaves.row, leaves.column, leaves.scalar];
  for (const { operation, left, right } of choices) {
    const [a, b] = [made[left % made.length], made[right % made.length]];
    const k = operation % kinds;
    if (k < unary.length) made.push(unary[k](a));
    else if (k < unary.length + binary.length) made.push(binary[k - unary.length](a, b));
    else made.push(structural[k - unary.length - binary.length](a.broadcastTo(full)));
  }
  return made;
}

/** What is asked of the last expressions. */
type Purpose = "values" | "gradients" | "training";

function partsOf(leaves: Leaves, choices: readonly Choice[], purpose: Purpose): ProgramParts {
  const results = expressions(leaves, choices).slice(-3);
  const outputs: Record<string, Tensor> = Object.fromEntries(results.map((y, k) => [`y${k}`, y]));
  if (purpose === "values") return { inputs: leaves, outputs, updates: [] };
  const loss = results.map((y) => y.tanh().mean()).reduce((a, b) => a.add(b));
  if (purpose === "gradients") {
    const sources = [leaves.matrix, leaves.row, leaves.column, leaves.square, leaves.weights, leaves.bias];
    grad(loss, sources).forEach((gradient, k) => (outputs[`gradient${k}`] = gradient));
    return { inputs: leaves, outputs, updates: [] };
  }
  const learning = learningParts(leaves, results);
  return { inputs: leaves, outputs: { ...outputs, loss, ...learning.outputs }, updates: learning.updates };
}

/** Variables that are read, and written in place: a layer that learns, with momentum and a rate that changes too. */
function learningParts({ bias, weights, scalar }: Leaves, results: readonly Tensor[]) {
  const [n, p] = weights.shape as [number, number];
  const kernel = variable("kernel", [n, p], Array.from({ length: n * p }, (_, i) => ((i * 7) % 11) / 16 - 0.3));
  const offset = variable("offset", [p], 0.125);
  const rate = variable("rate", [], 0.25);
  const x = results[0].broadcastTo(["batch", n]);
  const loss = x.matmul(kernel).add(offset).tanh().sub(bias).square().mean();
  const steps = [kernel, offset].flatMap((parameter, k) => {
    const momentum = variable(`momentum${k}`, parameter.shape, 0);
    const next = momentum.mul(0.875).add(grad(loss, [parameter])[0]);
    return [assign(momentum, next), assign(parameter, parameter.sub(next.mul(rate)))];
  });
  // The rate comes first, and the offset is given back: both are to be those of before.
  const updates = [assign(rate, rate.mul(0.875).add(scalar.square().mul(0.0625))), ...steps];
  return { updates, outputs: { offset, kernel: kernel.reshape([p, n]) } };
}

/** Multiples of 1/64 in [−2, 2], which float32 has exactly. */
const sixtyFourths = (count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -128, max: 128 }).map((k) => k / 64), { minLength: count, maxLength: count });

const integersBelow = (bound: number, count: number): fc.Arbitrary<number[]> =>
  fc.array(fc.nat(bound - 1), { minLength: count, maxLength: count });

function feedsOf(batch: number, n: number, p: number): fc.Arbitrary<ProgramFeeds> {
  return fc.record({
    matrix: sixtyFourths(batch * n),
    other: sixtyFourths(batch * n),
    row: sixtyFourths(n),
    column: sixtyFourths(batch),
    square: sixtyFourths(n * n),
    weights: sixtyFourths(n * p),
    bias: sixtyFourths(p),
    table: sixtyFourths(tableRows * n),
    scalar: sixtyFourths(1),
    mask: integersBelow(2, batch * n),
    position: integersBelow(tableRows, batch),
    choice: integersBelow(n, batch),
  });
}

const anyLength = fc.constantFrom(...lengths);

/** Programs that share parts, over shapes of every remainder, for values, for gradients, or for a few steps of learning. */
export const randomPrograms: fc.Arbitrary<RandomProgram> = fc
  .record({
    n: anyLength,
    p: anyLength,
    batches: fc.array(anyLength, { minLength: 1, maxLength: 3 }),
    choices: fc.array(fc.record({ operation: fc.nat(9999), left: fc.nat(999), right: fc.nat(999) }), {
      minLength: 1,
      maxLength: 16,
    }),
    purpose: fc.constantFrom<Purpose>("values", "gradients", "training"),
  })
  .chain(({ n, p, batches, choices, purpose }) =>
    fc
      .tuple(...batches.map((batch) => feedsOf(batch, n, p).map((feeds) => ({ batch, feeds }))))
      .map((runs) => printed({ parts: partsOf(leavesOf(n, p), choices, purpose), runs })),
  );

/** A program that fast-check shows as code. */
function printed(program: RandomProgram): RandomProgram {
  const code = (): string => `\n${printProgram(program.parts)}\nconst runs = ${JSON.stringify(program.runs)};\n`;
  return { ...program, [fc.toStringMethod]: code } as RandomProgram;
}
