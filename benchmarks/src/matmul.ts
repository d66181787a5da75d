import { compile, input, variable } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { backendOf } from "./harness/backend.js";
import { integerParameter } from "./harness/benchmark.js";
import type { Benchmark, Settings } from "./harness/benchmark.js";
import { inProcess } from "./harness/contender.js";
import type { Contender } from "./harness/contender.js";
import { measure } from "./harness/measure.js";
import { normals } from "./harness/normals.js";
import { onnxContender } from "./harness/onnx.js";
import { gigaflops } from "./harness/row.js";

/** m, k, n of [m, k] · [k, n]. */
type Sizes = readonly [number, number, number];

/** From the skinny ones of rollouts and of outputs, past sizes that no tile divides, to those beyond the cache. */
const shapes: readonly Sizes[] = [
  [1, 64, 64], [8, 64, 64], [64, 4, 64], [64, 64, 1], [64, 64, 2],
  [63, 65, 7], [64, 64, 64], [65, 65, 65], [256, 64, 64], [128, 128, 128], [256, 256, 256], [257, 257, 257],
];

const orientations = [
  { name: "A·B", transposeA: false, transposeB: false },
  { name: "Aᵀ·B", transposeA: true, transposeB: false },
  { name: "A·Bᵀ", transposeA: false, transposeB: true },
];

/** Operations of one run: enough that the call does not count. */
const OPERATIONS = 2 ** 20;

/** Speed of the matrix product, by shape and orientation. */
export const matmul: Benchmark = {
  name: "matmul",
  summary: "GFLOP/s of matrix products, by shape and orientation; [M] [K = M] [N = K] for one shape",
  rounds: 10,
  run: async (parameters, settings) => {
    const rows = [];
    for (const sizes of chosenShapes(parameters)) for (const one of orientations) rows.push(...(await measureProduct(sizes, one, settings)));
    return rows;
  },
};

function chosenShapes([first, second, third]: readonly string[]): readonly Sizes[] {
  if (first === undefined) return shapes;
  const m = integerParameter("M", first, 0, 1);
  const k = integerParameter("K", second, m, 1);
  return [[m, k, integerParameter("N", third, k, 1)]];
}

/** How a product of these factors is written: every first factor is another, the second is the same for all. */
interface Products {
  readonly count: number;
  readonly shapeA: readonly [number, number];
  readonly shapeB: readonly [number, number];
  readonly of: (a: Tensor, b: Tensor) => Tensor;
}

async function measureProduct([m, k, n]: Sizes, orientation: (typeof orientations)[number], settings: Settings) {
  const { name, ...transposed } = orientation;
  const operations = 2 * m * k * n;
  const count = Math.min(64, Math.max(1, Math.round(OPERATIONS / operations)));
  const products: Products = {
    count,
    shapeA: transposed.transposeA ? [k, m] : [m, k],
    shapeB: transposed.transposeB ? [n, k] : [k, n],
    of: (a, b) => a.matmul(b, transposed),
  };
  const wide = Math.min(m, k, n) >= 64;
  const work = {
    name: `${m}×${k} · ${k}×${n}, ${name}`,
    figure: gigaflops(count * operations),
    ...(wide && { target: settings.relaxedSimd ? 30 : 18 }),
    contenders: [uphillProducts(products, settings), await onnxProducts(products)],
  };
  return measure(work, settings);
}

function uphillProducts({ count, shapeA, shapeB, of }: Products, settings: Settings): Contender {
  const b = variable("b", shapeB, normals(0, shapeB[0] * shapeB[1]));
  const outputs = Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const a = variable(`a${i}`, shapeA, normals(i + 1, shapeA[0] * shapeA[1]));
      return [`y${i}`, of(a, b)];
    }),
  );
  const program = compile({ inputs: {}, outputs, backend: backendOf(settings) });
  return inProcess("Uphill", () => program.execute({}));
}

/** The factors are inputs, since ONNX Runtime multiplies constants once and for all. */
function onnxProducts({ count, shapeA, shapeB, of }: Products): Promise<Contender> {
  const feed = (seed: number, shape: readonly [number, number]) => ({ data: normals(seed, shape[0] * shape[1]), shape });
  const b = input("b", shapeB);
  const inputs: Record<string, Tensor> = { b };
  const feeds: Record<string, ReturnType<typeof feed>> = { b: feed(0, shapeB) };
  const outputs: Record<string, Tensor> = {};
  for (let i = 0; i < count; i++) {
    const a = input(`a${i}`, shapeA);
    inputs[`a${i}`] = a;
    feeds[`a${i}`] = feed(i + 1, shapeA);
    outputs[`y${i}`] = of(a, b);
  }
  return onnxContender("onnxruntime-node", { inputs, outputs, feeds });
}
