import { webAssembly } from "@uphill/autodiff";
import type { Backend } from "@uphill/autodiff";
import type { Settings } from "./benchmark.js";

/** What Uphill's programs run on. */
export function backendOf({ relaxedSimd }: Pick<Settings, "relaxedSimd">): Backend {
  return webAssembly({ deterministic: !relaxedSimd });
}
