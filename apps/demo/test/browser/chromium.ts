import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const programs = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** What to do where there is no browser to test with. */
export const howToGetChromium =
  "no Chromium found: install it (Debian and Ubuntu: apt-get install chromium; macOS: brew install --cask chromium), " +
  "or set CHROMIUM to the path of one";

/** The path of a Chromium or Chrome on this machine, or of the one that the variable CHROMIUM names. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...folders.flatMap((folder) => programs.map((program) => join(folder, program))), ...places].find(existsSync);
}

/** Starts it without a window, with a profile of its own that is gone afterwards. */
export function launchChromium(executablePath: string): Promise<Browser> {
  const quiet = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  // Chromium refuses to sandbox for root, which is who runs in most containers.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath, args: [...quiet, ...sandbox] });
}
