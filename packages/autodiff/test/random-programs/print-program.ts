import { topologicalOrder } from "../../src/index.js";
import type { PrimitiveAttributes, PrimitiveName, Tensor } from "../../src/index.js";
import { rootsOf } from "../../src/backend.js";
import type { ProgramParts } from "./bounded-program.js";

/** How an expression of each primitive is written, from its inputs' names; one without an entry does not type-check. */
type Writers = {
  readonly [P in PrimitiveName]: (inputs: readonly string[], attributes: PrimitiveAttributes[P], name: string) => string;
};

const json = (value: unknown): string => JSON.stringify(value);

/** Numbers so that reading them gives the same ones, −0, NaN and ∞ included. */
function list(values: ArrayLike<number>): string {
  return `[${Array.from(values, (x) => (Object.is(x, -0) ? "-0" : String(x))).join(", ")}]`;
}

const method =
  (name: string) =>
  ([x, ...others]: readonly string[]): string =>
    `${x}.${name}(${others.join(", ")})`;
const reduction =
  (name: string) =>
  ([x]: readonly string[], { axes, keepDimensions }: PrimitiveAttributes["sum"]): string =>
    `${x}.${name}(${json(axes)}, ${keepDimensions})`;

const writers: Writers = {
  input: (_, { shape, dtype }, name) => `input(${json(name)}, ${json(shape)}, ${json(dtype)})`,
  variable: (_, { shape, initial, dtype }, name) =>
    `variable(${json(name)}, ${json(shape)}, ${list(initial)}, ${json(dtype)})`,
  constant: (_, { shape, values, dtype }) => `constant(${list(values)}, ${json(shape)}, ${json(dtype)})`,
  size: (_, { dimensions }) => `new Tensor("size", [], { dimensions: ${json(dimensions)} })`,
  neg: method("neg"),
  exp: method("exp"),
  log: method("log"),
  sqrt: method("sqrt"),
  tanh: method("tanh"),
  sigmoid: method("sigmoid"),
  softplus: method("softplus"),
  erf: method("erf"),
  abs: method("abs"),
  sign: method("sign"),
  sin: method("sin"),
  cos: method("cos"),
  toFloat: method("toFloat"),
  toInt: method("toInt"),
  add: method("add"),
  sub: method("sub"),
  mul: method("mul"),
  div: method("div"),
  pow: method("pow"),
  minimum: ([a, b]) => `minimum(${a}, ${b})`,
  maximum: ([a, b]) => `maximum(${a}, ${b})`,
  less: method("less"),
  lessEqual: method("lessEqual"),
  equal: method("equal"),
  select: method("select"),
  sum: reduction("sum"),
  max: reduction("max"),
  logSumExp: ([x]) => `logSumExp(${x})`,
  argMax: ([x]) => `argMax(${x})`,
  broadcast: ([x], { shape }) => `${x}.broadcastTo(${json(shape)})`,
  reshape: ([x], { shape }) => `${x}.reshape(${json(shape)})`,
  transpose: ([x], { permutation }) => `${x}.transpose(${json(permutation)})`,
  slice: ([x], { axis, start, end }) => `${x}.slice(${axis}, ${start}, ${end})`,
  pad: ([x], { axis, before, after }) => `${x}.pad(${axis}, ${before}, ${after})`,
  concat: (inputs, { axis }) => `concat([${inputs.join(", ")}], ${axis})`,
  gather: method("gather"),
  scatterAdd: ([x, indices], { rows }) => `${x}.scatterAdd(${indices}, ${json(rows)})`,
  takeAlong: method("takeAlong"),
  putAlong: ([x, indices], { size }) => `${x}.putAlong(${indices}, ${json(size)})`,
  matmul: ([a, b], { transposeA, transposeB }) => `${a}.matmul(${b}, { transposeA: ${transposeA}, transposeB: ${transposeB} })`,
  stopGradient: ([x]) => `stopGradient(${x})`,
  // A rule for derivatives is a function, which has no text; the values are the same without it.
  customGradient: ([value, ...inputs]) => `customGradient(${value}, [${inputs.join(", ")}], () => [])`,
  hostOperation: (inputs, { operation }) => `hostOperation(${operation.name}, [${inputs.join(", ")}])`,
};

/**
 * A program as code that can be pasted into a test: a line for each tensor, then the records `inputs` and `outputs`
 * and the list `updates`. What is used twice is written once.
 */
export function printProgram({ inputs, outputs, updates }: ProgramParts): string {
  const names = new Map<Tensor, string>();
  const roots = [...Object.values(inputs), ...rootsOf(Object.values(outputs), updates)];
  const lines = topologicalOrder(roots).map((tensor, k) => {
    const name = `t${k}`;
    names.set(tensor, name);
    return `const ${name} = ${written(tensor, tensor.inputs.map((source) => names.get(source)!))};`;
  });
  const record = (tensors: Readonly<Record<string, Tensor>>): string =>
    `{ ${Object.entries(tensors).map(([name, tensor]) => `${json(name)}: ${names.get(tensor)!}`).join(", ")} }`;
  const assigned = updates.map(({ variable, value, onlyIfFinite: guard }) => {
    const target = names.get(variable) ?? written(variable, []);
    const options = guard === undefined ? "" : `, { onlyIfFinite: ${names.get(guard)!} }`;
    return `assign(${target}, ${names.get(value)!}${options})`;
  });
  return [
    ...lines,
    `const inputs = ${record(inputs)};`,
    `const outputs = ${record(outputs)};`,
    `const updates = [${assigned.join(", ")}];`,
  ].join("\n");
}

function written(tensor: Tensor, inputs: readonly string[]): string {
  // Sound: a tensor's attributes, and so its writer, are those of its own primitive.
  const write = writers[tensor.primitive] as (
    inputs: readonly string[],
    attributes: PrimitiveAttributes[PrimitiveName],
    name: string,
  ) => string;
  return write(inputs, tensor.attributes, tensor.name ?? "");
}
