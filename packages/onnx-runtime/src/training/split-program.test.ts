import { evaluate, grad, input, rootsOf, topologicalOrder } from "@uphill/autodiff";
import type { Graph, Tensor } from "@uphill/autodiff";
import { describe, expect, test } from "vitest";
import { ppoUpdate, sacUpdate, td3Update } from "../../test/update-programs.js";
import type { UpdateProgram } from "../../test/update-programs.js";
import { splitProgram } from "./split-program.js";

type Values = Readonly<Record<string, number | ArrayLike<number>>>;

function graphOf({ inputs, outputs, updates }: Pick<UpdateProgram, "inputs" | "outputs" | "updates">): Graph {
  const map = (record: Readonly<Record<string, Tensor>>) => new Map(Object.entries(record));
  return { inputs: map(inputs), outputs: map(outputs), updates, order: topologicalOrder(rootsOf(Object.values(outputs), updates)) };
}

const primitivesOf = (tensors: Iterable<Tensor>) => topologicalOrder(tensors).map(({ primitive }) => primitive);

const programs = [
  ["PPO", ppoUpdate(32)],
  ["SAC", sacUpdate(32)],
  ["TD3", td3Update(32)],
] as const;

describe("example", () => {
  test("a layer's forward pass and gradients are products, its loss and its step are the rest", () => {
    const [x, y, kernel] = [input("x", ["batch", 3]), input("y", ["batch", 1]), input("kernel", [3, 1])];
    const loss = x.matmul(kernel).sub(y).square().mean();
    const outputs = { loss, next: kernel.sub(grad(loss, [kernel])[0]) };
    const { products, rest, sources } = splitProgram(graphOf({ inputs: { x, y, kernel }, outputs, updates: [] }));
    expect(Object.values(products.outputs).map(({ primitive }) => primitive)).toEqual(["matmul", "matmul"]);
    expect([...sources.values()].map(({ name, primitive }) => name ?? primitive)).toEqual(["x", "kernel", "size", "y"]);
    expect([...rest.inputs.keys()]).toEqual(["x", "y", "kernel", "result0", "result1"]);
  });
});

describe("laws", () => {
  test.each(programs)("%s: the parts together give what the whole gives", (_, program) => {
    const graph = graphOf(program);
    const { products, sources, results, rest } = splitProgram(graph);
    const feeds = program.feeds(8, 1) as Values;
    const fed = Object.fromEntries(sources);
    const middle = evaluate(products.outputs, evaluate(fed, feeds));
    expect(Object.keys(middle)).toEqual([...results.keys()]);
    const all = { ...feeds, ...middle };
    const rootsOfBoth = [graph, rest].map(({ outputs, updates }) => [...outputs.values(), ...updates.map(({ value }) => value)]);
    rootsOfBoth[0].forEach((root, k) => {
      const [expected, actual] = [evaluate(root, feeds), evaluate(rootsOfBoth[1][k], all)].map((value) => [value].flat());
      expect(actual.flatMap((one) => (typeof one === "number" ? one : [...one]))).toEqual(
        expected.flatMap((one) => (typeof one === "number" ? one : [...one])).map((one) => expect.closeTo(one, 5)),
      );
    });
  });

  test.each(programs)("%s: products are in the first part, optimisers in the second", (_, program) => {
    const { products, rest } = splitProgram(graphOf(program));
    const [first, second] = [primitivesOf(Object.values(products.outputs)), rest.order.map(({ primitive }) => primitive)];
    expect(second).not.toContain("matmul");
    expect(first).not.toContain("sqrt");
    expect(first).not.toContain("variable");
    expect(second.filter((primitive) => primitive === "sqrt").length).toBeGreaterThan(10);
  });

  test.each(programs)("%s: little crosses: outputs of networks, gradients, and no hidden layers", (_, program) => {
    const { products, rest } = splitProgram(graphOf(program));
    const crossing = Object.values(products.outputs);
    expect(new Set(crossing.map(({ primitive }) => primitive))).toEqual(new Set(["matmul"]));
    const trained = rest.updates.filter(({ variable }) => variable.name.endsWith("firstMoment"));
    expect(crossing.length).toBeLessThanOrEqual(trained.length + 8);
  });
});
