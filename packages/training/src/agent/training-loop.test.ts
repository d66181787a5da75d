import { FormatError, NumericalError, OptionError, StateError } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RandomWalk } from "../../test/random-walk.js";
import type { WalkReport } from "../../test/random-walk.js";
import { decodeJson, encodeJson } from "../checkpoint/json-numbers.js";
import type { TrainOptions } from "./agent.js";
import { TrainingLoop } from "./training-loop.js";

afterEach(() => {
  vi.restoreAllMocks();
});

function walkLoop() {
  const walk = new RandomWalk();
  return { walk, loop: new TrainingLoop(walk) };
}

async function reportsOf(loop: TrainingLoop<WalkReport>, options?: TrainOptions): Promise<WalkReport[]> {
  const reports: WalkReport[] = [];
  for await (const report of loop.train(options)) reports.push(report);
  return reports;
}

async function stepsOf(loop: TrainingLoop<WalkReport>, options?: TrainOptions): Promise<number[]> {
  return (await reportsOf(loop, options)).map(({ steps }) => steps);
}

/** A clock that stands still but for what is added to `now`. */
function standingClock(): { now: number } {
  const clock = { now: 1000 };
  vi.spyOn(performance, "now").mockImplementation(() => clock.now);
  return clock;
}

describe("TrainingLoop", () => {
  it("runs iterations until the budget is used up, and reports after each", async () => {
    const { walk, loop } = walkLoop();
    const reports = await reportsOf(loop, { steps: 25 });
    expect(reports.map(({ steps, iteration }) => [steps, iteration])).toEqual([
      [10, 1],
      [20, 2],
      [25, 3],
    ]);
    expect(walk.told.map(({ progress, steps, remainingSteps }) => [progress, steps, remainingSteps])).toEqual([
      [0, 0, 25],
      [0.4, 10, 15],
      [0.8, 20, 5],
    ]);
    expect(reports.at(-1)?.position).toBe(walk.position);
    expect([loop.steps, loop.targetSteps]).toEqual([25, 25]);
  });

  describe("budgets", () => {
    it("follow one another, each with progress of its own", async () => {
      const { walk, loop } = walkLoop();
      await stepsOf(loop, { steps: 15 });
      expect(await stepsOf(loop, { steps: 20 })).toEqual([25, 35]);
      expect(walk.told.map(({ progress }) => progress)).toEqual([0, 10 / 15, 0, 0.5]);
    });

    it("may be used up by more steps than they allow", async () => {
      const { walk, loop } = walkLoop();
      const iterate = walk.iterate.bind(walk);
      walk.iterate = async (iteration) => ({ ...(await iterate(iteration)), taken: 10 });
      expect(await stepsOf(loop, { steps: 25 })).toEqual([10, 20, 30]);
      expect([loop.steps, loop.targetSteps]).toEqual([30, 25]);
    });

    it("that were interrupted are finished, unless another is given", async () => {
      const { walk, loop } = walkLoop();
      for await (const _ of loop.train({ steps: 40 })) break;
      expect(await stepsOf(loop)).toEqual([20, 30, 40]);
      expect(walk.told.map(({ progress }) => progress)).toEqual([0, 0.25, 0.5, 0.75]);
      for await (const _ of loop.train({ steps: 40 })) break;
      expect(await stepsOf(loop, { steps: 10 })).toEqual([60]);
    });

    it("must be given where none is left", async () => {
      await expect(stepsOf(walkLoop().loop)).rejects.toThrow(
        new OptionError("steps: expected an integer in [1, 9007199254740991], got undefined"),
      );
    });
  });

  it.each(["break", "abort", "throw"])(
    "is after %s at the last finished iteration, and goes on as if nothing had happened",
    async (end) => {
      const undisturbed = await reportsOf(walkLoop().loop, { steps: 60 });
      const comparable = ({ elapsedMs: _ms, stepsPerSecond: _speed, ...report }: WalkReport) => report;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 5 }), async (finished) => {
          const { walk, loop } = walkLoop();
          const controller = new AbortController();
          walk.work = async ({ steps, pace }) => {
            if (steps < 10 * finished || end === "break") return;
            if (end === "throw") throw new NumericalError("loss: expected a finite number, got NaN");
            controller.abort();
            await pace.turn();
          };
          const reports: WalkReport[] = [];
          const run = async () => {
            for await (const report of loop.train({ steps: 60, signal: controller.signal })) {
              if (reports.push(report) === finished && end === "break") break;
            }
          };
          if (end === "throw") await expect(run()).rejects.toThrow(NumericalError);
          else await run();
          expect([loop.steps, loop.targetSteps]).toEqual([10 * finished, 60]);
          expect(walk.position).toBe(undisturbed[finished - 1].position);
          walk.work = () => {};
          const rest = await reportsOf(loop);
          expect([...reports, ...rest].map(comparable)).toEqual(undisturbed.map(comparable));
        }),
        { numRuns: 10 },
      );
    },
  );

  it("ends between two iterations where the signal comes there, and takes none where it came before", async () => {
    const { walk, loop } = walkLoop();
    const controller = new AbortController();
    for await (const { iteration } of loop.train({ steps: 60, signal: controller.signal })) {
      if (iteration === 2) controller.abort();
    }
    expect(loop.steps).toBe(20);
    expect(await stepsOf(loop, { signal: controller.signal })).toEqual([]);
    expect(walk.told).toHaveLength(2);
  });

  describe("snapshots", () => {
    it("are resumed by another loop to the same state", async () => {
      const undisturbed = await reportsOf(walkLoop().loop, { steps: 60 });
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 6 }), async (finished) => {
          const first = walkLoop().loop;
          const training = first.train({ steps: 60 });
          for (let k = 0; k < finished; k++) await training.next();
          const { tensors, state } = first.snapshot();
          const second = walkLoop();
          await stepsOf(second.loop, { steps: 17 });
          second.loop.resume({ tensors, state: decodeJson("state", encodeJson("state", state)) });
          expect(second.loop.snapshot()).toEqual(first.snapshot());
          expect([second.loop.steps, second.loop.targetSteps]).toEqual([first.steps, first.targetSteps]);
          if (finished === 0 || finished === 6) return;
          const rest = await reportsOf(second.loop);
          expect(rest.map(({ position }) => position)).toEqual(
            undisturbed.slice(finished).map(({ position }) => position),
          );
          expect(rest.at(-1)?.iteration).toBe(6);
        }),
      );
    });

    it("taken within an iteration are of the last finished one", async () => {
      const { walk, loop } = walkLoop();
      const within: unknown[] = [];
      const between: unknown[] = [];
      walk.work = () => void within.push(loop.snapshot());
      for await (const _ of loop.train({ steps: 40 })) between.push(loop.snapshot());
      expect(within.slice(1)).toEqual(between.slice(0, -1));
    });

    it("do not change afterwards", async () => {
      const { loop } = walkLoop();
      await stepsOf(loop, { steps: 20 });
      const snapshot = loop.snapshot();
      const copy = structuredClone(snapshot);
      await stepsOf(loop, { steps: 20 });
      expect(snapshot).toEqual(copy);
    });
  });

  describe("time", () => {
    it("is that of finished iterations alone, and goes on after a resume", async () => {
      const clock = standingClock();
      const { walk, loop } = walkLoop();
      walk.work = () => void (clock.now += 50);
      const reports: WalkReport[] = [];
      for await (const report of loop.train({ steps: 30 })) {
        reports.push(report);
        clock.now += 1000;
      }
      expect(reports.map(({ elapsedMs }) => elapsedMs)).toEqual([50, 100, 150]);
      expect(reports.map(({ stepsPerSecond }) => stepsPerSecond)).toEqual([200, 200, 200]);
      const { walk: other, loop: resumed } = walkLoop();
      resumed.resume(loop.snapshot());
      other.work = () => void (clock.now += 250);
      const [report] = await reportsOf(resumed, { steps: 10 });
      expect([report.elapsedMs, report.stepsPerSecond]).toEqual([400, 100]);
    });

    it("that was spent on an iteration which was undone does not count", async () => {
      const clock = standingClock();
      const { walk, loop } = walkLoop();
      walk.work = () => {
        clock.now += 70;
        throw new Error("no");
      };
      await expect(stepsOf(loop, { steps: 10 })).rejects.toThrow("no");
      walk.work = () => void (clock.now += 50);
      expect((await reportsOf(loop)).map(({ elapsedMs }) => elapsedMs)).toEqual([50]);
    });

    it("gives no speed where the clock stands still", async () => {
      standingClock();
      const [report] = await reportsOf(walkLoop().loop, { steps: 10 });
      expect([report.elapsedMs, report.stepsPerSecond]).toEqual([0, 0]);
    });
  });

  describe("lets the event loop turn at least every 50 ms", () => {
    /** The longest time, by the clock, for which no task could run while `run` was under way. */
    async function longestGap(clock: { readonly now: number }, run: () => Promise<unknown>): Promise<number> {
      const turns = [clock.now];
      let running = true;
      const listen = () => {
        turns.push(clock.now);
        if (running) setImmediate(listen);
      };
      setImmediate(listen);
      await run();
      turns.push(clock.now);
      running = false;
      return Math.max(...turns.slice(1).map((turn, k) => turn - turns[k]));
    }

    it("in one long iteration", async () => {
      const clock = standingClock();
      const { walk, loop } = walkLoop();
      walk.work = async ({ pace }) => {
        for (let part = 0; part < 100; part++) {
          clock.now += 7;
          if (pace.due) await pace.turn();
        }
      };
      expect(await longestGap(clock, async () => stepsOf(loop, { steps: 10 }))).toBeLessThanOrEqual(50);
      expect(clock.now).toBe(1700);
    });

    it.each([true, false])("over many short iterations, whether they look at the pace: %s", async (looking) => {
      const clock = standingClock();
      const { walk, loop } = walkLoop();
      walk.work = async ({ pace }) => {
        clock.now += 7;
        if (looking && pace.due) await pace.turn();
      };
      expect(await longestGap(clock, async () => stepsOf(loop, { steps: 1000 }))).toBeLessThanOrEqual(50);
    });
  });

  describe("refuses", () => {
    it("to train twice at once, or to resume while training", async () => {
      const { loop } = walkLoop();
      const first = loop.train({ steps: 30 });
      await first.next();
      const message = "train: expected an agent at rest, got one that is training already";
      await expect(loop.train({ steps: 50 }).next()).rejects.toThrow(new StateError(message));
      expect(() => loop.resume(loop.snapshot())).toThrow(
        new StateError("resume: expected an agent at rest, got one that is training"),
      );
      expect(loop.targetSteps).toBe(30);
      await first.return();
      expect(await stepsOf(loop)).toEqual([20, 30]);
    });

    it.each<[string, unknown, string]>([
      ["no steps", { steps: 0 }, "steps: expected an integer in [1, 9007199254740991], got 0"],
      ["a part of a step", { steps: 1.5 }, "steps: expected an integer in [1, 9007199254740991], got 1.5"],
      ["NaN", { steps: NaN }, "steps: expected an integer in [1, 9007199254740991], got NaN"],
      ["steps without end", { steps: Infinity }, "got Infinity"],
      ["a number for the options", 10, "options: expected an object, got 10"],
      ["a signal that is none", { steps: 10, signal: {} }, "signal: expected an AbortSignal, got an object"],
    ])("%s, and can train afterwards", async (_, options, message) => {
      const { loop } = walkLoop();
      await expect(stepsOf(loop, options as TrainOptions)).rejects.toThrow(OptionError);
      await expect(stepsOf(loop, options as TrainOptions)).rejects.toThrow(message);
      expect(await stepsOf(loop, { steps: 10 })).toEqual([10]);
    });

    it("a budget beyond what can be counted", async () => {
      const { loop } = walkLoop();
      await stepsOf(loop, { steps: 10 });
      await expect(stepsOf(loop, { steps: Number.MAX_SAFE_INTEGER })).rejects.toThrow(
        "steps: expected an integer in [1, 9007199254740981], got 9007199254740991",
      );
    });

    it.each([0, -1, NaN])("an iteration of %s steps, which would never end", async (taken) => {
      const { walk, loop } = walkLoop();
      const iterate = walk.iterate.bind(walk);
      walk.iterate = async (iteration) => ({ ...(await iterate(iteration)), taken });
      await expect(stepsOf(loop, { steps: 10 })).rejects.toThrow(
        /^steps taken by an iteration: expected an integer ≥ 1/u,
      );
      expect([loop.steps, walk.position]).toEqual([0, 0]);
    });

    const { state } = walkLoop().loop.snapshot();
    const { counters, body } = state as { readonly counters: object; readonly body: object };
    it.each<[string, unknown, string]>([
      ["null", null, "checkpoint.state: expected an object, got null"],
      ["no counters", { body }, "checkpoint.state.counters: expected an object, got undefined"],
      ["negative steps", { body, counters: { ...counters, steps: -1 } }, "counters.steps: expected an integer in [0, "],
      [
        "more iterations than steps",
        { body, counters: { ...counters, iteration: 1 } },
        "counters.iteration: expected an integer in [0, 0], got 1",
      ],
      [
        "a budget that begins later",
        { body, counters: { ...counters, budgetStart: 5 } },
        "counters.budgetStart: expected an integer in [0, 0], got 5",
      ],
      [
        "no target",
        { body, counters: { ...counters, targetSteps: null } },
        "counters.targetSteps: expected an integer in [0, ",
      ],
      [
        "a time that is none",
        { body, counters: { ...counters, elapsedMs: "1" } },
        'counters.elapsedMs: expected a finite number ≥ 0, got "1"',
      ],
      ["a damaged body", { body: { random: {} }, counters }, "state.seed: expected one or more 32-bit integers"],
    ])("a snapshot with %s, and keeps its state", async (_, damaged, message) => {
      const { walk, loop } = walkLoop();
      await stepsOf(loop, { steps: 20 });
      const [kept, position] = [loop.snapshot(), walk.position];
      const snapshot = { tensors: { position: { shape: [1], data: Float64Array.of(9) } }, state: damaged as JsonValue };
      expect(() => loop.resume(snapshot)).toThrow(FormatError);
      expect(() => loop.resume(snapshot)).toThrow(message);
      expect([loop.snapshot(), walk.position]).toEqual([kept, position]);
      expect(await stepsOf(loop, { steps: 10 })).toEqual([30]);
    });

    it("what its body finds wrong with a snapshot as damage, but for a wrong state of the body itself", () => {
      const { walk, loop } = walkLoop();
      const restore = walk.restore.bind(walk);
      const failingOnce = (error: Error) => {
        walk.restore = () => {
          walk.restore = restore;
          throw error;
        };
      };
      failingOnce(new OptionError("size: expected 1, got 2"));
      expect(() => loop.resume(loop.snapshot())).toThrow(new FormatError("size: expected 1, got 2"));
      failingOnce(new StateError("restore: expected an open environment"));
      expect(() => loop.resume(loop.snapshot())).toThrow(StateError);
    });
  });

  describe("where going back fails", () => {
    /** A walk whose second iteration ends in some way, and which cannot go back then. */
    function strandedWalk(work: RandomWalk["work"]) {
      const { walk, loop } = walkLoop();
      const restore = walk.restore.bind(walk);
      walk.work = (iteration) => {
        if (iteration.steps === 0) return undefined;
        walk.restore = () => {
          throw new StateError("restore: expected an environment that answers");
        };
        return work(iteration);
      };
      const repair = () => {
        walk.restore = restore;
        walk.work = () => {};
      };
      return { walk, loop, repair };
    }

    it("says what went wrong first, and tries again before it trains on", async () => {
      const { loop, repair } = strandedWalk(() => {
        throw new RangeError("the environment is gone");
      });
      await expect(stepsOf(loop, { steps: 30 })).rejects.toThrow(new RangeError("the environment is gone"));
      await expect(stepsOf(loop)).rejects.toThrow(StateError);
      repair();
      const { position } = (await reportsOf(loop)).at(-1) as WalkReport;
      expect(position).toBe((await reportsOf(walkLoop().loop, { steps: 30 })).at(-1)?.position);
    });

    it("does not pass off a stop as clean", async () => {
      const controller = new AbortController();
      const { loop } = strandedWalk(async ({ pace }) => {
        controller.abort();
        await pace.turn();
      });
      await expect(stepsOf(loop, { steps: 30, signal: controller.signal })).rejects.toThrow(StateError);
      expect(loop.steps).toBe(10);
    });
  });
});
