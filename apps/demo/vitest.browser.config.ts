import { defineConfig } from "vitest/config";
import { defaultServerConditions } from "vite";

// The page in a browser: slow, and only where there is one. Its results are counted apart from the unit tests'.
export default defineConfig({
  resolve: { conditions: ["uphill-source", ...defaultServerConditions] },
  ssr: { resolve: { conditions: ["uphill-source", ...defaultServerConditions] } },
  test: {
    name: "demo in a browser",
    include: ["test/browser/**/*.test.ts"],
    reporters: ["default", "json"],
    outputFile: { json: ".results/browser.json" },
    testTimeout: 600_000,
    hookTimeout: 120_000,
  },
});
