/** One step of a compiled program: a kernel of its module, or a loop of the host. */
export interface ExplainedStep {
  /** What it computes, fused into one loop where there are several. */
  readonly primitives: readonly string[];
  /** Shape of the first of them in the last run. */
  readonly shape: readonly number[];
  /** Names of expressions that it computes. */
  readonly names: readonly string[];
  /** Variables that it writes in place. */
  readonly inPlace: readonly string[];
  /** Whether it is compiled; otherwise it fell back to a loop of the host. */
  readonly emitted: boolean;
  /** Bytes that it reads and writes. */
  readonly bytes: number;
  /** Additions, multiplications and the like, an elementary function counted as one. */
  readonly flops: number;
  /** Median time, in microseconds, the call included. */
  readonly timeUs: number;
}

/** Bytes that a program needs at the sizes of its last run. */
export interface ProgramBytes {
  /** Intermediate results and outputs; memory is used again once its last reader is done. */
  readonly buffers: number;
  readonly inputs: number;
  readonly constants: number;
  /** Of the store, which programs share. */
  readonly variables: number;
}

/** What a compiled program does, step by step. As a string, a table with the slowest steps first. */
export class Explanation {
  /** @internal Use {@link explain}. */
  constructor(
    /** In the order of their runs. */
    readonly steps: readonly ExplainedStep[],
    /** What it needs of memory. */
    readonly bytes: ProgramBytes,
  ) {}

  toString(): string {
    const { steps, bytes } = this;
    const total = steps.reduce((sum, { timeUs }) => sum + timeUs, 0);
    const host = steps.filter(({ emitted }) => !emitted).length;
    const memory = Object.entries(bytes).map(([name, count]) => `${name} ${kilobytes(count)}`);
    const lines = [
      `${steps.length} steps, ${host} of them host loops, ${total.toFixed(1)} µs one by one`,
      `kB: ${memory.join(", ")}`,
      "      µs      %  GFLOP/s       kB  step",
    ];
    for (const step of steps.toSorted((a, b) => b.timeUs - a.timeUs)) {
      const rate = step.timeUs > 0 ? step.flops / step.timeUs / 1000 : 0;
      const columns = [
        step.timeUs.toFixed(2).padStart(8),
        ((100 * step.timeUs) / total || 0).toFixed(1).padStart(6),
        rate.toFixed(1).padStart(8),
        kilobytes(step.bytes).padStart(8),
        ` ${written(step)}`,
      ];
      lines.push(columns.join(" "));
    }
    return lines.join("\n");
  }
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

/** Such as "mul add tanh [64, 64] policy/hidden0". */
function written({ primitives, shape, names, inPlace, emitted }: ExplainedStep): string {
  const counted = new Map<string, number>();
  for (const primitive of primitives) counted.set(primitive, (counted.get(primitive) ?? 0) + 1);
  const work = [...counted].map(([primitive, count]) => (count === 1 ? primitive : `${count} ${primitive}`)).join(" ");
  const notes = [
    ...names,
    ...(inPlace.length > 0 ? [`in place: ${inPlace.join(", ")}`] : []),
    ...(emitted ? [] : ["host loop"]),
  ];
  return `${work} [${shape.join(", ")}]${notes.length > 0 ? `  ${notes.join("; ")}` : ""}`;
}
