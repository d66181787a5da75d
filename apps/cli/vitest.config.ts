import { fileURLToPath } from "node:url";
import type { ViteUserConfig } from "vitest/config";
import { mergeConfig } from "vitest/config";
import { packageTests } from "../../vitest.base.js";

export default mergeConfig(packageTests("cli") as ViteUserConfig, {
  test: {
    globalSetup: fileURLToPath(new URL("test/build-command.ts", import.meta.url)),
    // Most tests train for a moment, some in processes of their own.
    hookTimeout: 60_000,
  },
});
