import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FileError, FormatError, OptionError } from "@uphill/core-math";
import type { JsonValue } from "@uphill/envs";
import { describe, expect, it } from "vitest";
import { emptyFolder } from "../../test/folder.js";
import { reportAt } from "../../test/report.js";
import { RunFolder } from "./run-folder.js";

const config = { algorithm: "ppo", seed: 1, options: { gamma: 0.99, target: -Infinity } };

describe("RunFolder", () => {
  it("keeps config, metrics and checkpoints", async () => {
    const path = join(await emptyFolder(), "runs", "first");
    const run = await RunFolder.create(path, config);
    await run.appendMetrics(reportAt(100, { meanReturn: NaN }));
    await run.appendMetrics(reportAt(200));
    await run.saveCheckpoint(Uint8Array.of(1));
    await run.saveCheckpoint(Uint8Array.of(2), "best");

    const opened = await RunFolder.open(path);
    expect(opened.config).toEqual(config);
    expect(await opened.metrics()).toEqual([{ ...reportAt(100), meanReturn: null }, reportAt(200)]);
    expect([...(await opened.loadCheckpoint())]).toEqual([1]);
    expect([...(await opened.loadCheckpoint("best"))]).toEqual([2]);
    const files = ["best.safetensors", "checkpoint.safetensors", "config.json", "metrics.jsonl"];
    expect((await readdir(path)).sort()).toEqual(files);
  });

  it("knows whether there is a checkpoint", async () => {
    const run = await RunFolder.create(await emptyFolder(), config);
    expect(await run.hasCheckpoint()).toBe(false);
    await expect(run.loadCheckpoint()).rejects.toThrow(FileError);
    await run.saveCheckpoint(Uint8Array.of(1));
    expect([await run.hasCheckpoint(), await run.hasCheckpoint("best")]).toEqual([true, false]);
  });

  it("ends up with the metrics of a run that was never stopped, wherever it was killed", async () => {
    const reports = [100, 200, 300, 400].map((steps) => reportAt(steps));
    const whole = await RunFolder.create(await emptyFolder(), config);
    for (const report of reports) await whole.appendMetrics(report);
    const expected = await readFile(join(whole.path, "metrics.jsonl"), "utf8");
    for (let cut = 0; cut <= expected.length; cut += 13) {
      const killed = await RunFolder.create(await emptyFolder(), config);
      await appendFile(join(killed.path, "metrics.jsonl"), expected.slice(0, cut));
      const resumed = await RunFolder.open(killed.path);
      const known = Math.min(200, Math.max(0, ...(await resumed.metrics()).map(({ steps }) => steps)));
      await resumed.rewind(known);
      for (const report of reports.filter(({ steps }) => steps > known)) await resumed.appendMetrics(report);
      expect(await readFile(join(killed.path, "metrics.jsonl"), "utf8"), `cut at ${cut}`).toBe(expected);
    }
  });

  it("does not overwrite a run unless told, and then leaves other files alone", async () => {
    const path = await emptyFolder();
    await writeFile(join(path, "notes.txt"), "mine");
    const first = await RunFolder.create(path, config);
    await first.appendMetrics(reportAt(100));
    await first.saveCheckpoint(Uint8Array.of(1), "best");
    await expect(RunFolder.create(path, { other: true })).rejects.toThrow(
      new FileError(`${path}: expected a folder without a run, got one that has one: resume, overwrite or move it`),
    );
    expect((await RunFolder.open(path)).config).toEqual(config);

    const second = await RunFolder.create(path, { other: true }, { overwrite: true });
    expect(await second.metrics()).toEqual([]);
    expect((await readdir(path)).sort()).toEqual(["config.json", "notes.txt"]);
  });

  it("removes what a killed process was writing", async () => {
    const path = await emptyFolder();
    await RunFolder.create(path, config);
    await writeFile(join(path, ".checkpoint.safetensors.tmp-123"), "half");
    await RunFolder.open(path);
    expect(await readdir(path)).toEqual(["config.json"]);
  });

  it("refuses a folder without a run, a file, and a path below a file", async () => {
    const path = await emptyFolder();
    const file = join(path, "file");
    await writeFile(file, "");
    await expect(RunFolder.open(path)).rejects.toThrow(
      new FileError(`${path}: expected a folder with a run, got one without config.json`),
    );
    await expect(RunFolder.open(join(path, "none"))).rejects.toThrow(/none: expected a folder, got none$/u);
    await expect(RunFolder.open(file)).rejects.toThrow(/file: expected a folder, got a file$/u);
    await expect(RunFolder.create(file, config)).rejects.toThrow(/file: expected a folder, got a file$/u);
    await expect(RunFolder.create(join(file, "run"), config)).rejects.toThrow(
      /run: cannot be created: .*file is not a folder$/u,
    );
    const proc = process.platform === "linux" ? "/proc/uphill" : file;
    await expect(RunFolder.create(join(proc, "run"), config)).rejects.toThrow(/run: cannot be created: /u);
    expect(await readdir(path)).toEqual(["file"]);
  });

  it("names a config or a line of metrics that is damaged", async () => {
    const path = await emptyFolder();
    const run = await RunFolder.create(path, config);
    await run.appendMetrics(reportAt(100));
    await appendFile(join(path, "metrics.jsonl"), "{broken}\n");
    await expect(run.metrics()).rejects.toThrow(FormatError);
    await expect(run.rewind(100)).rejects.toThrow(/metrics\.jsonl line 2: expected a JSON object/u);
    await writeFile(join(path, "config.json"), "{");
    await expect(RunFolder.open(path)).rejects.toThrow(/config\.json: expected valid JSON, got "\{"/u);
  });

  it("refuses a config that JSON cannot hold before it makes anything", async () => {
    const path = join(await emptyFolder(), "run");
    await expect(RunFolder.create(path, { at: new Date(0) } as unknown as JsonValue)).rejects.toThrow(OptionError);
    await expect(readdir(path)).rejects.toThrow("ENOENT");
  });
});
