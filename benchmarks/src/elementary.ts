import { compile, input, variable } from "@uphill/autodiff";
import type { Tensor } from "@uphill/autodiff";
import { backendOf } from "./harness/backend.js";
import type { Benchmark, Settings } from "./harness/benchmark.js";
import { inProcess } from "./harness/contender.js";
import { measure } from "./harness/measure.js";
import { onnxContender } from "./harness/onnx.js";
import { nanosecondsEach } from "./harness/row.js";

/** An array in the fastest cache: values and results take 32 kB. */
const LENGTH = 4096;

/** A function, as an expression and as JavaScript has it. */
interface Elementary {
  readonly name: string;
  readonly of: (x: Tensor) => Tensor;
  readonly scalar: (x: number) => number;
  readonly target?: number;
}

const functions: readonly Elementary[] = [
  { name: "tanh", of: (x) => x.tanh(), scalar: Math.tanh, target: 3 },
  { name: "exp", of: (x) => x.exp(), scalar: Math.exp },
  { name: "log", of: (x) => x.log(), scalar: Math.log },
  { name: "sigmoid", of: (x) => x.sigmoid(), scalar: (x) => 1 / (1 + Math.exp(-x)) },
  { name: "softplus", of: (x) => x.softplus(), scalar: (x) => Math.log1p(Math.exp(x)) },
  { name: "sin", of: (x) => x.sin(), scalar: Math.sin },
  { name: "cos", of: (x) => x.cos(), scalar: Math.cos },
  { name: "sqrt", of: (x) => x.sqrt(), scalar: Math.sqrt },
  { name: "gelu", of: (x) => x.gelu(), scalar: (x) => (x / 2) * (1 + Math.tanh(0.7978845608 * (x + 0.044715 * x ** 3))) },
];

/** Time of elementary functions over an array in cache. */
export const elementary: Benchmark = {
  name: "elementary",
  summary: "nanoseconds an element of elementary functions over an array in cache",
  rounds: 20,
  run: async (_, settings) => {
    const rows = [];
    for (const one of functions) rows.push(...(await measureFunction(one, settings)));
    return rows;
  },
};

async function measureFunction({ name, of, scalar, target }: Elementary, settings: Settings) {
  // In no order, from −6 to 6: neither branches nor tables can learn them. Powers of two for what takes no negatives.
  const signed = Float32Array.from({ length: LENGTH }, (_, i) => (((i * 2741) % LENGTH) / LENGTH - 0.5) * 12);
  const values = name === "log" || name === "sqrt" ? signed.map((x) => 2 ** x) : signed;
  const x = variable("x", [LENGTH], values);
  const program = compile({ inputs: {}, outputs: { y: of(x) }, backend: backendOf(settings) });
  const out = new Float32Array(LENGTH);
  const loop = (): void => {
    for (let i = 0; i < LENGTH; i++) out[i] = scalar(values[i]);
  };
  const fed = input("x", [LENGTH]);
  const onnx = { inputs: { x: fed }, outputs: { y: of(fed) }, feeds: { x: { data: values, shape: [LENGTH] } } };
  const contenders = [
    inProcess("Uphill", () => program.execute({})),
    inProcess("JavaScript", loop),
    await onnxContender("onnxruntime-node", onnx),
  ];
  return measure({ name, figure: nanosecondsEach(LENGTH), ...(target && { target }), contenders }, settings);
}
