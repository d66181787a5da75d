import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  // Wherever on a server the page is put.
  base: "./",
  // The page is made from the sources of the packages: nothing has to be built first.
  resolve: { conditions: ["uphill-source", ...defaultClientConditions] },
  worker: { format: "es" },
  // The worker's imports are looked for at the start as well: those found late would reload the page.
  optimizeDeps: { entries: ["index.html", "src/worker/main.ts"] },
  build: { target: "es2023" },
});
