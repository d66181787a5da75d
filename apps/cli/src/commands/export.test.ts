import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { environmentFile } from "../../test/environments/index.js";
import { emptyFolder, sharedFolder } from "../../test/folder.js";
import { smallEvaluations, smallRun } from "../../test/small-run.js";
import { uphill, uphillJson } from "../../test/uphill.js";

describe("uphill export", () => {
  const shared = sharedFolder();
  const [evaluated, plain] = [join(shared, "evaluated"), join(shared, "plain")];

  beforeAll(async () => {
    await uphillJson("train", "ppo", "--env", "CartPole-v1", "--out", evaluated, ...smallRun, ...smallEvaluations);
    await uphillJson("train", "ppo", "--env", environmentFile("corridor"), "--out", plain, ...smallRun);
  });

  it("writes the best policy, says so, and says that the file was checked", async () => {
    const file = join(await emptyFolder(), "policy.onnx");
    const { exitCode, stdout } = await uphill("export", evaluated, "-o", file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`${file}: the best policy of ${evaluated}`);
    expect(stdout).toMatch(/checked against the policy: largest relative difference \S+ on \d+ observations/u);
    expect(stdout).toContain(`next: uphill evaluate ${file}`);
  });

  it("writes the latest policy where there is no best or where it is asked for, into the run by default", async () => {
    const [latest] = await uphillJson("export", plain);
    expect(latest).toMatchObject({ checkpoint: "latest", steps: 6000, file: join(plain, "policy.onnx") });
    expect(latest["verification"]).toMatchObject({ passed: true, tolerance: 1e-5 });
    const file = join(await emptyFolder(), "policy.onnx");
    const [asked] = await uphillJson("export", evaluated, "--checkpoint", "latest", "-o", file);
    expect(asked).toMatchObject({ checkpoint: "latest", steps: 6000 });
  });

  it("says how to play a policy whose environment is in a file", async () => {
    const { stdout } = await uphill("export", plain);
    expect(stdout).toContain(`evaluate ${join(plain, "policy.onnx")} --env ${environmentFile("corridor")}\n`);
  });

  it("gives the same bytes again", async () => {
    const folder = await emptyFolder();
    const files = ["a.onnx", "b.onnx"].map((name) => join(folder, name));
    for (const file of files) await uphillJson("export", evaluated, "-o", file);
    expect((await readFile(files[0])).equals(await readFile(files[1]))).toBe(true);
  });

  it("refuses a run without the checkpoint, and a path that cannot be written, and leaves nothing there", async () => {
    expect(await uphill("export", plain, "--checkpoint", "best")).toMatchObject({
      exitCode: 2,
      stderr: `uphill: ${plain}: expected a run with a best checkpoint, got one without\n`,
    });
    const folder = await emptyFolder();
    const file = join(folder, "none", "policy.onnx");
    expect(await uphill("export", plain, "-o", file)).toMatchObject({
      exitCode: 2,
      stderr: `uphill: ${file}: cannot be written: the folder ${join(folder, "none")} does not exist\n`,
    });
    expect(await readdir(folder)).toEqual([]);
  });
});
