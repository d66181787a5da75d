import type { PpoReport } from "@uphill/pg-algorithms";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "../protocol.js";
import { initialState, nextState } from "./run-state.js";
import type { Request, RunState } from "./run-state.js";

const after = (...events: readonly (Request | Message)[]): RunState => events.reduce(nextState, initialState);
const report = (steps: number): PpoReport => ({ steps, episodes: 3, meanReturn: 20 }) as PpoReport;

const start: Request = { kind: "start", steps: 1000 };
const begun: readonly (Request | Message)[] = [start, { kind: "started" }, { kind: "reports", reports: [report(256), report(512)] }];
const stopped: readonly (Request | Message)[] = [...begun, { kind: "stop" }, { kind: "paused", steps: 512, targetSteps: 1000 }];
const evaluated: Message = { kind: "evaluated", result: { episodes: 100, meanReturn: 21, standardDeviation: 2 } };
const warned = {
  kind: "warned",
  warning: { rule: "kl-exploding", steps: 512, message: "KL exploding", remedy: "less" },
} satisfies Message;
const failed = { kind: "failed", message: "gamma: expected a number in [0, 1], got 2", option: "gamma" } satisfies Message;

test("a run from start to finish", () => {
  expect(after()).toEqual({ phase: "ready", steps: 0, targetSteps: 0, warnings: [] });
  expect(after(start)).toMatchObject({ phase: "starting", steps: 0 });
  expect(after(...begun)).toEqual({ phase: "training", steps: 512, targetSteps: 1000, report: report(512), warnings: [] });
  const finished = after(...begun, { kind: "paused", steps: 1024, targetSteps: 1000 });
  expect(finished).toMatchObject({ phase: "finished", steps: 1024, evaluation: "running" });
  expect(nextState(finished, evaluated)).toMatchObject({ phase: "finished", evaluation: { meanReturn: 21 } });
});

test("stopping waits for the worker; resuming forgets the evaluation", () => {
  expect(after(...begun, { kind: "stop" }).phase).toBe("stopping");
  expect(after(...stopped, evaluated)).toMatchObject({ phase: "stopped", steps: 512, evaluation: { episodes: 100 } });
  const resumed = after(...stopped, evaluated, { kind: "resume" });
  expect(resumed).toEqual({ phase: "training", steps: 512, targetSteps: 1000, report: report(512), warnings: [] });
  expect(nextState(resumed, evaluated)).toBe(resumed);
});

test("a run that cannot begin leaves the one before as it was", () => {
  expect(after(start, failed)).toMatchObject({ phase: "ready", error: failed.message });
  const before = after(...stopped, evaluated);
  expect([start, failed].reduce(nextState, before)).toEqual({ ...before, error: failed.message });
  expect(after(start, failed, start).error).toBeUndefined();
});

test("a run that breaks off stays, with what went wrong", () => {
  const broken = after(...begun, { kind: "paused", steps: 512, targetSteps: 1000 }, failed);
  expect(broken).toMatchObject({ phase: "stopped", steps: 512, error: failed.message });
  expect(broken.evaluation).toBeUndefined();
});

test("warnings stay for the rest of their run, the last of each kind", () => {
  const collapsed: Message = { kind: "warned", warning: { ...warned.warning, rule: "entropy-collapsed" } };
  const later: Message = { kind: "warned", warning: { ...warned.warning, steps: 1024 } };
  const resumed = after(...begun, warned, collapsed, later, ...stopped.slice(begun.length), { kind: "resume" });
  expect(resumed.warnings).toEqual([collapsed.warning, later.warning]);
  expect([start, { kind: "started" } as const].reduce(nextState, resumed).warnings).toEqual([]);
});

test("whatever happens, a run that begins and clearing leave nothing of before", () => {
  const events = fc.array(fc.constantFrom<Request | Message>(...stopped, evaluated, warned, failed, { kind: "resume" }));
  fc.assert(
    fc.property(events, (list) => {
      expect(after(...list, start, { kind: "started" })).toEqual(after(start, { kind: "started" }));
      expect(after(...list, { kind: "clear" })).toEqual(initialState);
    }),
  );
});

test("files and pictures change no state", () => {
  const state = after(...stopped);
  expect(nextState(state, { kind: "saved", name: "a.onnx", bytes: new Uint8Array(1) })).toBe(state);
  expect(nextState(state, { kind: "reports", reports: [] })).toBe(state);
});
