import { bench } from "vitest";
import { gaeAdvantages } from "../src/index.js";

const [steps, environments] = [2048, 8];
const count = steps * environments;
const wave = (scale: number) => Float64Array.from({ length: count }, (_, i) => scale * (((i * 7919) % 1000) / 500 - 1));
const flags = (every: number) => Uint8Array.from({ length: count }, (_, i) => (i % every === 0 ? 1 : 0));
const rollout = {
  rewards: wave(1),
  values: wave(2),
  nextValues: wave(3),
  terminated: flags(211),
  truncated: flags(503),
  environments,
  gamma: 0.99,
  lambda: 0.95,
  out: new Float64Array(count),
};

bench("GAE over 2,048 steps of 8 environments", () => void gaeAdvantages(rollout));
