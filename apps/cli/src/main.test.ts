import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandFile } from "../test/build-command.js";
import { environmentFile } from "../test/environments/index.js";
import { emptyFolder } from "../test/folder.js";
import { expectSameRuns, metricsOf } from "../test/run-contents.js";
import { smallEvaluations, smallRun, smallRunIterations } from "../test/small-run.js";
import { UphillProcess } from "../test/spawn-uphill.js";
import { uphill } from "../test/uphill.js";

function training(out: string): readonly string[] {
  const env = environmentFile("paced");
  return ["train", "ppo", "--env", env, "--seed", "3", "--out", out, ...smallRun, ...smallEvaluations];
}

describe("the uphill process", () => {
  it("prints its version and ends with 0", async () => {
    const child = new UphillProcess(["--version"]);
    expect(await child.line()).toMatch(/^\d+\.\d+\.\d+$/u);
    expect(await child.end()).toBe(0);
  });

  it("ends with 2 and one sentence for bad input, and shows the stack only where asked", async () => {
    const plain = new UphillProcess(["evaluate", "none.onnx"]);
    expect(await plain.end()).toBe(2);
    expect(plain.stderr).toMatch(/^uphill: none\.onnx: .*\n$/u);
    const debug = new UphillProcess(["evaluate", "none.onnx", "--debug"]);
    expect(await debug.end()).toBe(2);
    expect(debug.stderr).toMatch(/^uphill: none\.onnx: .*\n(?:.*\n)*\s+at .*\.js/u);
  });

  it("goes on to the same bits after SIGKILL", async () => {
    const folder = await emptyFolder();
    const [whole, killed] = [join(folder, "whole"), join(folder, "killed")];
    const child = new UphillProcess([...training(killed), "--json"]);
    await child.lines(5);
    child.kill("SIGKILL");
    expect(await child.end()).toBe("SIGKILL");
    expect((await metricsOf(killed)).length).toBeLessThan(smallRunIterations);

    expect((await uphill(...training(whole))).exitCode).toBe(0);
    expect((await uphill("resume", killed)).exitCode).toBe(0);
    await expectSameRuns(killed, whole);
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`keeps the work so far at ${signal} and says how to go on`, async () => {
      const run = join(await emptyFolder(), "run");
      const child = new UphillProcess(training(run));
      while ((await metricsOf(run)).length < 3) await moment();
      child.kill(signal);
      expect(await child.end()).toBe(130);
      expect(child.stderr).toContain(`to go on: uphill resume ${run}`);
      const kept = await metricsOf(run);
      expect(kept.length).toBeLessThan(smallRunIterations);

      expect((await uphill("resume", run)).exitCode).toBe(0);
      const whole = await metricsOf(run);
      expect(whole).toHaveLength(smallRunIterations);
      expect(whole.slice(0, kept.length - 1)).toEqual(kept.slice(0, -1));
    });
  }

  it("ends at once at a second Ctrl-C", async () => {
    const run = join(await emptyFolder(), "run");
    const child = new UphillProcess(["train", "ppo", "--env", environmentFile("clinging"), "--out", run, ...smallRun]);
    while ((await metricsOf(run)).length < 2) await moment();
    child.kill("SIGINT");
    while (!child.stderr.includes("stopped at")) await moment();
    child.kill("SIGINT");
    expect(await child.end()).toBe("SIGINT");
  });

  it("keeps the work so far where the reader of its output has gone", async () => {
    const run = join(await emptyFolder(), "run");
    const child = new UphillProcess([...training(run), "--json"]);
    await child.lines(2);
    child.closeStdout();
    expect(await child.end()).toBe(130);
    expect(child.stderr).toBe("");
    expect((await uphill("resume", run)).exitCode).toBe(0);
    expect(await metricsOf(run)).toHaveLength(smallRunIterations);
  });

  it("lists without an error into a pipe that is closed", async () => {
    const child = new UphillProcess(["list"]);
    child.closeStdout();
    expect(await child.end()).toBe(0);
    expect(child.stderr).toBe("");
  });

  it.runIf(existsSync("/dev/full"))("says so where its output cannot be written", () => {
    const full = openSync("/dev/full", "w");
    const stdio = ["ignore", full, "pipe"] as const;
    const { status, stderr } = spawnSync(process.execPath, [commandFile, "list"], { stdio: [...stdio], encoding: "utf8" });
    closeSync(full);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^uphill: standard output: cannot be written: .*\n$/u);
  });
});

function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
