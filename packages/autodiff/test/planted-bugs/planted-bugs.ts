import type { PlantedBug } from "./mutated-sources.js";

const inFolder =
  (folder: string) =>
  (file: string, name: string, find: string, replace: string): PlantedBug => ({
    name,
    file: `${folder}/${file}`,
    find,
    replace,
  });
const emitter = inFolder("executors/webassembly");
const planner = inFolder("executors/planned");

/**
 * Mistakes that a compiler like this one makes. Each is one place in the sources; where these change, so do the texts
 * here, and a text that is not found exactly once fails.
 */
export const plantedBugs: readonly PlantedBug[] = [
  // Tails
  emitter("loops.ts", "a loop ends one step early", 'op("i32.gt_u").branchIf(1)', 'op("i32.ge_u").branchIf(1)'),
  emitter("loops.ts", "a mask has one lane too many", 'op("i32x4.splat").op("i32x4.lt_s")', 'op("i32x4.splat").op("i32x4.le_s")'),
  emitter("product-by-rows.ts", "a tail is stored one lane too far", 'i32(lane).op("i32.gt_u")', 'i32(lane).op("i32.ge_u")'),
  emitter("product-by-rows.ts", "the third lane of a tail is not stored", "for (const lane of [1, 2])", "for (const lane of [1])"),
  emitter("product-by-dots.ts", "a tail is not masked", "step(height, width, true)", "step(height, width, false)"),
  emitter("fused-loop.ts", "a row is reduced beyond its end", "this.#vector(0, masked);", "this.#vector(0, false);"),
  // Operands
  emitter(
    "elementwise.ts",
    "the branches of a choice are swapped",
    "push(f, a);\n    push(f, b);",
    "push(f, b);\n    push(f, a);",
  ),
  emitter("loops.ts", "a factor is multiplied with itself", 'f.get(a).get(b).op("f32x4.mul")', 'f.get(b).get(b).op("f32x4.mul")'),
  emitter("loops.ts", "a lane is added twice, another not at all", 'extractLane("f32x4", 3)', 'extractLane("f32x4", 2)'),
  emitter("product-by-dots.ts", "two columns change places", "shuffle([0, 1, 4, 5])", "shuffle([0, 1, 5, 4])"),
  emitter(
    "product-by-rows.ts",
    "a transposed factor is read by the wrong stride",
    "setBytes(f, stepOfA, rows);",
    "setBytes(f, stepOfA, inner);",
  ),
  emitter(
    "fused-loop.ts",
    "one of two accumulators is lost",
    "f.get(partial[0]).get(partial[1]).op(combination.vector).set(partial[0]);",
    "",
  ),
  emitter("reductions.ts", "a maximum starts from 0", "neutral: -Infinity", "neutral: 0"),
  emitter(
    "rowwise.ts",
    "the second row of four is not loaded",
    "let lane = 1; lane < 4; lane++) f.get(pointers[lane])",
    "let lane = 2; lane < 4; lane++) f.get(pointers[lane])",
  ),
  emitter("rowwise.ts", "the maximum is not added again", 'log();\n    f.get(largest).op("f32x4.add");', "log();"),
  emitter(
    "rowwise.ts",
    "the last of equal elements is taken for the first",
    'get(largest).op("f32x4.gt")',
    'get(largest).op("f32x4.ge")',
  ),
  // Broadcasts
  emitter("fused-loop.ts", "a scalar is not spread over the lanes", '"v128.load32_splat"', '"v128.load"'),
  emitter("fused-loop.ts", "a column's first number is used for all rows", "advance(f, pointer, 4);", ""),
  emitter(
    "fused-loop.ts",
    "every row of the result is written over the first",
    "advance(f, results.get(node)!, rowBytes)",
    "advance(f, results.get(node)!, 0)",
  ),
  emitter("stretch.ts", "rows are taken for columns", 'matches[0] ? "column" : "row"', 'matches[0] ? "row" : "column"'),
  // Stale values
  emitter("product-by-rows.ts", "sums keep what the last tile left", "for (let v = 0; v < width; v++) f.f32x4(0).set(sums[r][v]);", ""),
  emitter(
    "fused-loop.ts",
    "a row's sum goes on from the row before",
    "for (const accumulation of this.#along) this.#reset(accumulation);",
    "",
  ),
  emitter(
    "fused-loop.ts",
    "sums down columns go on from what the memory held",
    "for (const node of this.#down) this.#fill(this.#memory.results.get(node)!, combinationOf(node).neutral);",
    "",
  ),
  emitter("fused-step.ts", "only the first row of a band is finished", "get(height).set(count)", "i32(1).set(count)"),
  emitter("fused-step.ts", "loops with different constants share a function", ": written(immediate)", ': "constant"'),
  emitter("absorb-products.ts", "a product that others read is taken over", "!.size === 1", "!.size >= 1"),
  emitter("absorb-products.ts", "a product that is an output is taken over", "!isKept(operand) && ", ""),
  emitter(
    "in-place.ts",
    "a variable is written while others read it",
    "!readElsewhere(variable, group) && !readElsewhere(node, group)",
    "true",
  ),
  planner("plan.ts", "an output's memory is used again", "=== index && !kept.has(owner)", "=== index"),
  planner("plan.ts", "memory is used again while it is read", "(lastRead.get(owner) ?? index) === index", "(lastRead.get(owner) ?? index) <= index + 1"),
  planner("plan.ts", "an output is what a variable becomes", "filter((root) => this.#isGiven(this.#ownerOf(root)))", "filter(() => false)"),
  planner("program.ts", "the lengths of the first run stay", "if (bindings === this.#bindings)", "if (this.#bindings !== undefined)"),
  {
    name: "expressions that differ in their attributes are shared",
    file: "simplify.ts",
    find: ".join()}) ${written}`",
    replace: ".join()})`",
  },
];
