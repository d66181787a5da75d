import { cartPole, makeEnvironment } from "@uphill/envs";
import { encodeOnnx } from "@uphill/onnx-runtime";
import { resumePpo } from "@uphill/pg-algorithms";
import { expect, test, vi } from "vitest";
import type { Message, RunSettings } from "../protocol.js";
import { Session } from "./session.js";

const settings: RunSettings = {
  environment: "CartPole-v1",
  seed: 7,
  steps: 1024,
  options: { environments: 2, rolloutSteps: 32, minibatchSize: 32, epochs: 2, hiddenWidths: [8] },
};

/** More steps than any machine takes before the first reports are posted. */
const RESUMED = 16_384;

/** A session whose messages cross to the page as in a browser: as clones. */
function openSession() {
  const messages: Message[] = [];
  const session = new Session((message, transfer = []) => messages.push(structuredClone(message, { transfer })));
  const next = async <Kind extends Message["kind"]>(kind: Kind, count = 1) => {
    const ofKind = () => messages.filter((message): message is Extract<Message, { kind: Kind }> => message.kind === kind);
    await vi.waitFor(() => expect(ofKind().length).toBeGreaterThanOrEqual(count), { timeout: 20_000, interval: 1 });
    return ofKind()[count - 1];
  };
  return { session, messages, next };
}

/** The policy after a whole run, as its ONNX file. */
async function trained(during: (session: Session) => void = () => {}): Promise<Uint8Array> {
  const { session, next } = openSession();
  session.handle({ kind: "start", settings });
  during(session);
  await next("evaluated");
  session.handle({ kind: "save", format: "onnx" });
  return (await next("saved")).bytes;
}

test("a run tells of its start, its iterations, its end and its evaluation", async () => {
  const { session, messages, next } = openSession();
  session.handle({ kind: "start", settings });
  const { result } = await next("evaluated");
  expect(messages[0].kind).toBe("started");
  const reports = messages.flatMap((message) => (message.kind === "reports" ? message.reports : []));
  expect(reports.map((report) => report.steps)).toEqual(Array.from({ length: 16 }, (_, i) => 64 * (i + 1)));
  expect(messages.at(-2)).toEqual({ kind: "paused", steps: 1024, targetSteps: 1024 });
  expect(result.episodes).toBe(100);
  expect(result.meanReturn).toBeGreaterThan(1);
});

test("a run that goes wrong is warned of, once", async () => {
  const { session, messages, next } = openSession();
  session.handle({ kind: "start", settings: { ...settings, options: { ...settings.options, learningRate: 1 } } });
  await next("evaluated");
  const warnings = messages.flatMap((message) => (message.kind === "warned" ? [message.warning] : []));
  expect(warnings).toContainEqual(expect.objectContaining({ rule: "kl-exploding", steps: 192 }));
  const [told, heard] = ["warned", "reports"].map((kind) => messages.findIndex((message) => message.kind === kind));
  expect(told).toBeGreaterThan(heard);
  expect(new Set(warnings.map(({ rule, steps }) => `${rule} ${steps}`)).size).toBe(warnings.length);
});

test("a run that was stopped and resumed ends with the weights of one that was not", async () => {
  const { session, next } = openSession();
  session.handle({ kind: "start", settings: { ...settings, steps: RESUMED } });
  await next("reports");
  session.handle({ kind: "stop" });
  const stopped = await next("paused");
  expect(stopped.targetSteps).toBe(RESUMED);
  expect(stopped.steps).toBeGreaterThan(0);
  expect(stopped.steps).toBeLessThan(RESUMED);
  session.handle({ kind: "resume" });
  expect(await next("paused", 2)).toEqual({ kind: "paused", steps: RESUMED, targetSteps: RESUMED });
  session.handle({ kind: "save", format: "onnx" });

  const whole = openSession();
  whole.session.handle({ kind: "start", settings: { ...settings, steps: RESUMED } });
  await whole.next("paused");
  whole.session.handle({ kind: "save", format: "onnx" });
  expect((await next("saved")).bytes).toEqual((await whole.next("saved")).bytes);
});

test("watching a run does not change it", async () => {
  const watched = await trained((session) => {
    session.handle({ kind: "play", steps: 30 });
    setTimeout(() => session.handle({ kind: "play", steps: 30 }), 30);
  });
  expect(watched).toEqual(await trained());
});

test("what is played are moments of the environment", async () => {
  const { session, next } = openSession();
  session.handle({ kind: "start", settings });
  session.handle({ kind: "play", steps: 3 });
  const { moments } = await next("played");
  const space = makeEnvironment(cartPole).observationSpace;
  expect(space.contains(moments.observations.slice(0, 4))).toBe(true);
  expect(moments).toMatchObject({ count: 3, steps: Int32Array.of(0, 1, 2), returns: Float64Array.of(0, 1, 2) });
  session.handle({ kind: "stop" });
});

test("files asked for during training hold the agent after a whole iteration", async () => {
  const { session, messages, next } = openSession();
  // Long updates, so that the page's commands come in the middle of one.
  const options = { ...settings.options, epochs: 300 };
  session.handle({ kind: "start", settings: { ...settings, options, steps: 1_000_000 } });
  await next("reports");
  session.handle({ kind: "save", format: "onnx" });
  session.handle({ kind: "save", format: "checkpoint" });
  const [onnx, checkpoint] = [await next("saved"), await next("saved", 2)];
  expect(messages.some(({ kind }) => kind === "paused")).toBe(false);
  const { policy, steps } = resumePpo(checkpoint.bytes, cartPole);
  expect(onnx.bytes).toEqual(encodeOnnx(policy));
  expect(onnx.name).toBe(`CartPole-v1-ppo-seed-7-${steps}-steps.onnx`);
  expect(checkpoint.name).toBe(`CartPole-v1-ppo-seed-7-${steps}-steps.safetensors`);

  session.handle({ kind: "save", format: "onnx" });
  session.handle({ kind: "stop" });
  const saved = await next("saved", 3);
  expect(saved.name).toBe(`CartPole-v1-ppo-seed-7-${(await next("paused")).steps}-steps.onnx`);
});

test("a new run takes the place of the one before, which is not heard of again", async () => {
  const { session, messages, next } = openSession();
  session.handle({ kind: "start", settings: { ...settings, steps: 1_000_000 } });
  await next("reports");
  session.handle({ kind: "start", settings });
  const begun = messages.length;
  await next("evaluated");
  const steps = messages.slice(begun).flatMap((message) => (message.kind === "reports" ? message.reports.map((one) => one.steps) : []));
  expect(steps).toEqual(Array.from({ length: 16 }, (_, i) => 64 * (i + 1)));
  expect(messages.filter(({ kind }) => kind === "paused")).toHaveLength(1);
});

test("a run that cannot begin says why, and leaves the one before", async () => {
  const { session, next } = openSession();
  session.handle({ kind: "start", settings });
  await next("evaluated");
  session.handle({ kind: "start", settings: { ...settings, options: { gamma: 1.5 } } });
  session.handle({ kind: "start", settings: { ...settings, options: { rolloutSteps: 2, minibatchSize: 64 } } });
  session.handle({ kind: "start", settings: { ...settings, environment: "CartPole-v2" } });
  expect(await next("failed")).toEqual({
    kind: "failed",
    message: "gamma: expected a number in [0, 1], got 1.5",
    option: "gamma",
  });
  expect(await next("failed", 2)).toMatchObject({ option: "minibatchSize" });
  expect((await next("failed", 3)).message).toContain("CartPole-v1");
  session.handle({ kind: "save", format: "onnx" });
  expect((await next("saved")).name).toContain("1024-steps");
});

test("commands before a run, and a budget that is none", async () => {
  const { session, next } = openSession();
  session.handle({ kind: "stop" });
  expect((await next("failed")).message).toContain("expected start first");
  session.handle({ kind: "start", settings: { ...settings, steps: 0 } });
  expect(await next("failed", 2)).toMatchObject({ option: "steps" });
});
