import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cartPole, pendulum } from "@uphill/envs";
import { OnnxPolicy } from "@uphill/onnx-runtime";
import { resumePpo } from "@uphill/pg-algorithms";
import { formatOption, playEpisodes } from "@uphill/training";
import type { Browser } from "playwright-core";
import { build, createLogger, createServer, preview } from "vite";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { runOptions, startingOptions } from "../../src/run-options.js";
import { findChromium, howToGetChromium, launchChromium } from "./chromium.js";
import { DemoPage } from "./demo-page.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const chromium = findChromium();
const warnings: string[] = [];
const atEnd: (() => Promise<unknown>)[] = [];
let browser: Browser;
/** Where the built page is served. */
let address: string;

beforeAll(async () => {
  if (chromium === undefined) {
    console.warn(`The browser test is skipped: ${howToGetChromium}.`);
    return;
  }
  const outDir = await mkdtemp(join(tmpdir(), "uphill-demo-"));
  atEnd.push(() => rm(outDir, { recursive: true }));
  const customLogger = { ...createLogger("silent"), warn: (text: string) => warnings.push(text) };
  await build({ root, customLogger, logLevel: "warn", build: { outDir, emptyOutDir: true } });
  const server = await preview({ root, logLevel: "silent", build: { outDir }, preview: { port: 0 } });
  atEnd.push(() => server.close());
  address = server.resolvedUrls?.local[0] ?? "";
  browser = await launchChromium(chromium);
  atEnd.push(() => browser.close());
});
afterAll(async () => {
  for (const end of atEnd.toReversed()) await end();
});
beforeEach((context) => context.skip(chromium === undefined, howToGetChromium));

const budget = 300_000;

test("the page is built without warnings", () => {
  expect(warnings).toEqual([]);
});

test("CartPole is learned; the run stops, resumes and is saved; the file plays well in ONNX Runtime", async () => {
  const demo = await DemoPage.open(browser, address);
  const emptyPlot = await demo.picture("#plot-meanReturn canvas");
  // Enough steps that the run is still going on when Stop is pressed, however fast it is.
  await demo.fill("Steps", String(budget));
  await demo.press("Start");
  await demo.trainedBeyond(0);
  await demo.press("Stop");
  await demo.status(/^Stopped at .* Evaluation: [\d.,]+\.$/u);
  const stoppedAt = await demo.number("steps");
  expect(stoppedAt).toBeGreaterThan(0);
  expect(stoppedAt).toBeLessThan(budget);
  expect(await demo.picture("#plot-meanReturn canvas")).not.toBe(emptyPlot);
  expect(resumePpo(await readFile((await demo.download("Checkpoint")).path), cartPole).steps).toBe(stoppedAt);

  await demo.press("Resume");
  await demo.trainedBeyond(stoppedAt);
  const moment = await demo.picture("#stage");
  await expect.poll(() => demo.picture("#stage")).not.toBe(moment);
  await demo.status(/^Finished .* Evaluation: [\d.,]+\.$/u);
  const steps = await demo.number("steps");
  expect(steps).toBeGreaterThanOrEqual(budget);
  expect(await demo.number("mean-return")).toBeGreaterThan(195);
  expect(await demo.number("evaluation")).toBeGreaterThan(195);

  const file = await demo.download("Download ONNX");
  expect(file.name).toBe(`CartPole-v1-ppo-seed-1-${steps}-steps.onnx`);
  const policy = await OnnxPolicy.load(file.path);
  const played = await playEpisodes({ act: async (observations) => (await policy.actBatch(observations)) as Int32Array }, cartPole);
  await policy.close();
  expect(policy.environmentId).toBe("CartPole-v1");
  expect(played.meanReturn).toBeGreaterThan(195);
  expect(demo.complaints).toEqual([]);
  await demo.close();
});

test("an option that is not allowed is named beside its field, and nothing starts", async () => {
  const demo = await DemoPage.open(browser, address);
  await demo.fill("Gamma", "1.5");
  await demo.press("Start");
  const gamma = demo.page.getByLabel("Gamma", { exact: true });
  expect(await gamma.getAttribute("aria-invalid")).toBe("true");
  expect(await gamma.evaluate((field) => field === document.activeElement)).toBe(true);
  await demo.page.getByText('Expected a number in [0, 1], got "1.5".').waitFor();
  await demo.status(/^Ready\.$/u);

  await demo.fill("Gamma", "0.9");
  await demo.fill("Minibatch size", "100000");
  await demo.press("Start");
  await demo.page.getByRole("alert").filter({ hasText: /^minibatchSize: expected at most .* got 100000$/u }).waitFor();
  await demo.status(/^Ready\.$/u);

  await demo.fill("Minibatch size", "64");
  await demo.press("Start");
  await demo.trainedBeyond(0);
  expect(await demo.page.getByRole("alert").isVisible()).toBe(false);
  expect(demo.complaints).toEqual([]);
  await demo.close();
});

test("what goes wrong with the learning is said, with what people change", async () => {
  const demo = await DemoPage.open(browser, address);
  await demo.fill("Learning rate", "0.3");
  await demo.press("Start");
  const told = demo.page.getByRole("list", { name: "Warnings" });
  await told.getByText(/^After [\d,]+ steps: KL exploding: .* People usually change: a smaller learning rate/u).waitFor();
  await demo.press("Stop");
  await demo.status(/^Stopped/u);
  await demo.fill("Learning rate", "0.0001");
  await demo.press("Start over");
  await expect.poll(() => told.getByRole("listitem").count()).toBe(0);
  expect(demo.complaints).toEqual([]);
  await demo.close();
});

test("Pendulum on a narrow screen, by keyboard, for someone who wants less motion", async () => {
  const viewport = { width: 320, height: 640 };
  const demo = await DemoPage.open(browser, address, { viewport, reducedMotion: "reduce", colorScheme: "dark" });
  await demo.page.getByLabel("Environment", { exact: true }).selectOption("Pendulum-v1");
  const preset = startingOptions(pendulum).learningRate;
  expect(await demo.page.getByLabel("Learning rate").inputValue()).toBe(formatOption(runOptions.learningRate, preset));
  await demo.fill("Rollout steps", "64");
  await demo.page.keyboard.press("Enter");
  await demo.trainedBeyond(0);
  expect(await demo.page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
  const still = await demo.picture("#stage");
  await demo.trainedBeyond(1000);
  expect(await demo.picture("#stage")).toBe(still);
  await demo.press("Play picture");
  await expect.poll(() => demo.picture("#stage")).not.toBe(still);
  expect(demo.complaints).toEqual([]);
  await demo.close();
});

test("a worker that does not load is reported in a sentence", async () => {
  const demo = await DemoPage.open(browser, address, {}, (page) => page.route("**/assets/main-*.js", (route) => route.abort()));
  const alert = demo.page.getByRole("alert").filter({ hasText: /^The training worker broke off: .* Reload the page/u });
  await alert.waitFor();
  await demo.close();
});

test("served from the sources, as npm run demo does, it trains as well", async () => {
  const server = await createServer({ root, logLevel: "silent", server: { port: 0, watch: null } });
  atEnd.push(() => server.close());
  await server.listen();
  const demo = await DemoPage.open(browser, server.resolvedUrls?.local[0] ?? "");
  await demo.press("Start");
  await demo.trainedBeyond(0);
  expect(demo.complaints).toEqual([]);
  await demo.close();
});
