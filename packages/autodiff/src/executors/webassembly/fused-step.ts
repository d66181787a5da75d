import { concreteShape } from "../../shape.js";
import type { Bindings } from "../../shape.js";
import type { Tensor } from "../../tensor.js";
import { lengthsOf } from "../planned/kernel.js";
import type { Step } from "../planned/kernel.js";
import type { FunctionAssembler, Local } from "./assembler.js";
import type { Emission, KernelFunction } from "./emission.js";
import { FusedLoop, immediateOf } from "./fused-loop.js";
import type { Group } from "./group.js";
import { setBytes } from "./loops.js";
import { forEachBand, productName, productSizes } from "./matmul.js";
import { BAND_ROWS } from "./product-bands.js";
import { stretchBack } from "./reductions.js";
import { rowsAndColumns, stretchOf } from "./stretch.js";

type Product = Tensor<"matmul">;

/**
 * One function for a group: a loop over its vectors, or one over the bands of an absorbed product's rows, each followed
 * by the loop over that band.
 *
 * @param group - What it computes.
 * @param isRead - Whether something outside the group reads a node.
 */
export function fusedStep(group: Group, isRead: (node: Tensor) => boolean, emission: Emission): Step {
  const operands = [...group.operands].filter((operand) => immediateOf(operand) === undefined);
  const writes = [...group.nodes.filter(isRead), ...group.reductions];
  const product = group.product?.writes[0] as Product | undefined;
  const target = product === undefined ? looped(group, operands, writes, emission) : banded(group, product, operands, writes, emission);
  return {
    writes,
    computes: [...(product === undefined ? [] : [product]), ...group.nodes, ...group.reductions],
    reads: [...(group.product?.reads ?? []), ...operands],
    scratch: product === undefined ? [] : [[BAND_ROWS, product.shape[1]]],
    make: (inputs, outputs, scratch) => {
      const sizes = (bindings: Bindings): readonly number[] =>
        product === undefined
          ? rowsAndColumns(group.shape, concreteShape(group.shape, bindings), group.split)
          : productSizes(product, lengthsOf(inputs[0].tensor, bindings), lengthsOf(product, bindings));
      return emission.kernel(target, sizes, [...scratch, ...inputs.map(({ slot }) => slot), ...outputs]);
    },
  };
}

/** Parameters: rows, columns, addresses of the operands and of the results. */
function looped(group: Group, operands: readonly Tensor[], writes: readonly Tensor[], emission: Emission): KernelFunction {
  const addresses = operands.length + writes.length;
  const assemble = (f: FunctionAssembler): void => {
    const [rows, rowBytes] = [f.parameter(0), f.local("i32")];
    setBytes(f, rowBytes, f.parameter(1));
    const memory = { rowBytes, operands: parametersFrom(f, 2, operands), results: parametersFrom(f, 2 + operands.length, writes) };
    const loop = new FusedLoop(f, group, memory, emission);
    loop.begin();
    f.get(rows).if(() => loop.rows(rows));
    loop.end();
  };
  return { name: describeGroup(group, operands, writes), sizes: 2, addresses, assemble };
}

/** Parameters: rows, columns and inner, addresses of the band, both factors, the operands and the results. */
function banded(
  group: Group,
  product: Product,
  operands: readonly Tensor[],
  writes: readonly Tensor[],
  emission: Emission,
): KernelFunction {
  const addresses = 3 + operands.length + writes.length;
  const assemble = (f: FunctionAssembler): void => {
    const [rows, columns, inner, band, a, b] = [0, 1, 2, 3, 4, 5].map((index) => f.parameter(index));
    const [rowBytes, bandRow, count] = [f.local("i32"), f.local("i32"), f.local("i32")];
    setBytes(f, rowBytes, columns);
    const memory = {
      rowBytes,
      operands: parametersFrom(f, 6, operands).set(product, bandRow),
      results: parametersFrom(f, 6 + operands.length, writes),
    };
    const loop = new FusedLoop(f, group, memory, emission);
    loop.begin();
    forEachBand(f, product.attributes, emission, { rows, columns, inner, a, b, c: band }, (height) => {
      f.get(band).set(bandRow).get(height).set(count);
      loop.rows(count);
    });
    loop.end();
  };
  const name = `${productName(product.attributes)} then ${describeGroup(group, operands, writes)}`;
  return { name, sizes: 3, addresses, assemble };
}

function parametersFrom(f: FunctionAssembler, first: number, tensors: readonly Tensor[]): Map<Tensor, Local> {
  return new Map(tensors.map((tensor, k) => [tensor, f.parameter(first + k)]));
}

/** All that the code of a group's loop depends on. */
function describeGroup(group: Group, operands: readonly Tensor[], writes: readonly Tensor[]): string {
  const labels = new Map<Tensor, string>();
  for (const product of group.product?.writes ?? []) labels.set(product, "product");
  for (const operand of group.operands) {
    const immediate = immediateOf(operand);
    const kind = stretchOf(operand.shape, group.shape)!.kind;
    labels.set(operand, immediate === undefined ? `${kind}${operands.indexOf(operand)}:${operand.dtype}` : written(immediate));
  }
  const lines = group.nodes.map((node, k) => {
    labels.set(node, `$${k}`);
    const reads = group.reads.get(node)!.map((read) => labels.get(read));
    return `${writes.includes(node) ? "=" : ""}${node.primitive}(${reads.join()})`;
  });
  const reductions = group.reductions.map((node) => `${node.primitive} ${stretchBack(node)!.kind}(${labels.get(node.inputs[0])})`);
  return `fused[${operands.length}] ${[...lines, ...reductions].join(" ")}`;
}

function written(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

