import { webAssembly } from "@uphill/autodiff";
import { OptionError } from "@uphill/core-math";
import { cartPole } from "@uphill/envs";
import type * as envs from "@uphill/envs";
import { afterEach, describe, expect, inject, test } from "vitest";
import { describeAgent } from "../../training/test/agent-contract.js";
import { bandit, trained, weights } from "../../training/test/agents.js";
import { a2c, a3c, a3cAlgorithm, resumeA3c } from "./index.js";
import type * as sources from "./index.js";
import type { A3cOptions, A3cSettings } from "./index.js";

const modules = inject("workerModules");
const script = `${modules}a3c-worker.js`;
// The environments' module is built, with the copies of the packages that it has in common with these.
const built = (await import(/* @vite-ignore */ `${modules}actor-critic.js`)) as typeof sources;
const { importEnvironment } = (await import(/* @vite-ignore */ `${modules}envs.js`)) as typeof envs;
const small: A3cSettings = { rolloutSteps: 8, updatesPerReport: 8, hiddenWidths: [8] };
/** An iteration that no machine ends before a thread has done what it does. */
const endless: A3cSettings = { updatesPerReport: 1e8 };
const opened: { close(): void }[] = [];

/** An agent for CartPole on threads, which end with the test. */
function threaded(options: Partial<A3cOptions> = {}) {
  const agent = a3c({ env: cartPole, script, workers: 2, ...small, ...options });
  opened.push(agent);
  return agent;
}

/** The same for an environment of the tests' module. */
async function imported(name: string, options: A3cSettings = {}) {
  const env = await importEnvironment({ module: `${modules}environments.js`, export: name });
  const agent = built.a3c({ env, workers: 2, ...small, ...options });
  opened.push(agent);
  return agent;
}

afterEach(() => {
  for (const agent of opened.splice(0)) agent.close();
});

describe("learning", () => {
  test("CartPole on two threads, from nothing to several times a random policy's return", async () => {
    const agent = threaded({ seed: 3, environments: 4, rolloutSteps: 5, learningRate: 2e-3, entropyWeight: 0, hiddenWidths: [64, 64] });
    const reports = await trained(agent, 30_000);
    // A random policy gets 22; runs of two workers, of which no two are alike, reach 100 and more.
    const { meanReturn, replacedWorkers } = reports.at(-1)!;
    expect(meanReturn).toBeGreaterThan(50);
    expect(replacedWorkers).toBe(0);
    expect(Math.max(...reports.map(({ maxStaleness }) => maxStaleness))).toBeGreaterThan(0);
    for (const { staleness, maxStaleness } of reports) expect(staleness).toBeLessThanOrEqual(maxStaleness);
  });

  test("a bandit's better arm, by three workers", async () => {
    const agent = await imported("calm", { workers: 3, learningRate: 0.01, entropyWeight: 0 });
    await trained(agent, 4_000);
    expect(agent.policy.act([0])).toBe(1);
  });
});

describe("laws", () => {
  test("one worker is A2C", async () => {
    const common = { env: cartPole, ...small, environments: 4, entropyWeight: 0.01, normalizeObservations: true, seed: 7 };
    const [alone, synchronous] = [a3c({ ...common, workers: 1 }), a2c(common)];
    const [reports] = [await trained(alone, 640), await trained(synchronous, 640)];
    const expected = weights(synchronous.policy.store);
    weights(alone.policy.store).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 4));
    expect(reports.map(({ staleness, maxStaleness }) => [staleness, maxStaleness])).toEqual(reports.map(() => [0, 0]));
  });

  test("budgets are exact for several workers too", async () => {
    const agent = threaded({ environments: 4, workers: 3 });
    expect((await trained(agent, 500)).at(-1)!.steps).toBe(500);
    expect((await trained(agent, 10)).at(-1)!.steps).toBe(512);
  });

  test("stopped, stored and resumed, all workers go on from where they were", async () => {
    const agent = threaded();
    const reports = [];
    for await (const report of agent.train({ steps: 1000 })) {
      reports.push(report);
      if (report.iteration === 5) break;
    }
    const resumed = resumeA3c(agent.checkpoint(), cartPole, { script });
    opened.push(resumed);
    expect(resumed.steps).toBe(agent.steps);
    expect(weights(resumed.policy.store)).toEqual(weights(agent.policy.store));
    const [next] = await trained(resumed);
    expect(next.episodes).toBeGreaterThanOrEqual(reports.at(-1)!.episodes);
    expect(resumed.steps).toBe(1000);
  });

  test("an aborted iteration is undone, and all go on", async () => {
    const agent = await imported("slow", endless);
    const controller = new AbortController();
    const before = weights(agent.policy.store);
    setTimeout(() => {
      controller.abort();
    }, 500);
    expect(await trained(agent, 1e9, controller.signal)).toEqual([]);
    expect([agent.steps, weights(agent.policy.store)]).toEqual([0, before]);
    expect((await trained(agent, 64)).at(-1)!.steps).toBe(64);
  });
});

describe("workers that die", () => {
  test("are replaced, and the parameters stay", async () => {
    const agent = await imported("mortal", { learningRate: 0.01, entropyWeight: 0 });
    const reports = await trained(agent, 6_000);
    expect(reports.at(-1)!.replacedWorkers).toBeGreaterThan(0);
    expect(agent.steps).toBe(6_000);
    expect(agent.policy.act([0])).toBe(1);
    expect(weights(agent.policy.store).every(Number.isFinite)).toBe(true);
  });

  test("again and again, without an update, are an error, and the agent is at the last report", async () => {
    const agent = await imported("stillborn", endless);
    const message = "a3c: worker 1 died before its first update, 3 times in a row; exit code 4";
    await expect(trained(agent, 1e9)).rejects.toThrow(message);
    expect(agent.steps).toBe(0);
    expect(agent.checkpoint().length).toBeGreaterThan(0);
  });
});

describe("errors", () => {
  test.each([
    ["faulty", "worker 1: Faulty-v0, environment 0: step: expected dry ground, got mud"],
    ["foreign", "worker 1: step of Foreign-v0, environment 0: threw RangeError: out of rope"],
  ])("of an environment on a thread end the iteration: %s", async (name, message) => {
    const agent = await imported(name, endless);
    await expect(trained(agent, 1e9)).rejects.toThrow(message);
    expect(agent.steps).toBe(0);
  });

  test.each<[string, Partial<A3cOptions>, string]>([
    ["no workers", { workers: 0 }, "workers: expected an integer in [1, 256], got 0"],
    ["an environment made here, for two workers", { env: bandit() }, "functions cannot be sent to threads"],
    ["a backend", { backend: webAssembly() } as object, "backend: expected none, since the threads' updates change shared memory at once"],
    ["a wrapped one", { env: { ...cartPole } }, "env: expected with 2 workers, an environment of @uphill/envs"],
  ])("%s", (_, options, message) => {
    expect(() => a3c({ env: cartPole, ...options })).toThrow(OptionError);
    expect(() => a3c({ env: cartPole, ...options })).toThrow(message);
  });

  test("no options", () => {
    expect(() => a3c(undefined as never)).toThrow("options: expected an object, got undefined");
  });

  test("a script that is not there", async () => {
    const agent = threaded({ script: `${modules}nowhere.js` });
    await expect(trained(agent, 100)).rejects.toThrow(/a3c: worker 1 died .*nowhere\.js/);
  });
});

describeAgent(a3cAlgorithm, { ...small, workers: 1, environments: 4, updatesPerReport: 2, learningRate: { linear: [1e-3, 0] } });
