// Usage: node benchmarks/peers/install.mjs [PYTHON = python3]
//
// Makes the virtual environment of the peers, benchmarks/peers/.venv, which git ignores. PyTorch's default wheel for
// Linux brings CUDA's libraries, some gigabytes; PIP_INDEX_URL names an index that has it without them.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const environment = join(folder, ".venv");
const python = process.argv[2] ?? (process.platform === "win32" ? "python" : "python3");
const inside = join(environment, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));

if (!existsSync(inside)) run(python, ["-m", "venv", environment]);
run(inside, ["-m", "pip", "install", "--quiet", "--requirement", join(folder, "requirements.txt")]);
run(inside, ["-c", "import gymnasium, jax, sb3_contrib, stable_baselines3, torch; print('the peers are installed')"]);

function run(program, parameters) {
  const { status, error } = spawnSync(program, parameters, { stdio: "inherit" });
  if (status === 0) return;
  process.stderr.write(`${program} ${parameters.join(" ")}: expected success, got ${error?.message ?? `status ${status}`}\n`);
  process.exit(1);
}
