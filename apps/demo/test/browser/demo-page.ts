import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** Far more than a slow machine takes. */
const LIMIT_MS = 300_000;

/** The page as a person sees it. */
export class DemoPage {
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(LIMIT_MS);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("requestfailed", (request) => this.complaints.push(`failed: ${request.url()}`));
  }

  /** @param prepare - Called before the page is loaded. */
  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
    prepare: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<DemoPage> {
    const demo = new DemoPage(await browser.newPage({ viewport: { width: 1280, height: 860 }, ...options }));
    await prepare(demo.page);
    await demo.page.goto(url);
    await demo.status(/^Ready\.$/u);
    return demo;
  }

  async press(name: "Start" | "Stop" | "Resume" | "Start over" | "Play picture" | "Pause picture"): Promise<void> {
    await this.page.getByRole("button", { name, exact: true }).click();
  }

  async fill(label: string, text: string): Promise<void> {
    await this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Waits for the status to become one that matches, and returns it. */
  async status(pattern: RegExp): Promise<string> {
    const status = this.page.getByRole("status").filter({ hasText: pattern });
    await status.waitFor();
    return status.innerText();
  }

  /** One of the numbers above the figures; NaN where there is none yet. */
  async number(id: string): Promise<number> {
    const text = await this.page.locator(`#number-${id}`).innerText();
    return Number(text.replaceAll(",", "").replace("−", "-").replace(/[–…]/u, "NaN"));
  }

  /** Waits until a run has taken more steps than these; throws what the page says went wrong. */
  async trainedBeyond(steps: number): Promise<void> {
    const alert = this.page.getByRole("alert");
    const reached = async (): Promise<boolean> => {
      if (await alert.isVisible()) throw new Error(`the page says: ${await alert.innerText()}`);
      return (await this.number("steps")) > steps;
    };
    const end = performance.now() + LIMIT_MS;
    while (!(await reached())) {
      if (performance.now() > end) throw new Error(`no more than ${steps} steps; the browser says: ${this.complaints.join("; ")}`);
      await this.page.waitForTimeout(20);
    }
  }

  /** The pixels of a canvas, as text to compare. */
  picture(selector: string): Promise<string> {
    return this.page.locator(selector).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  }

  /** Presses a button that saves; returns the file's name and where it is. */
  async download(name: "Download ONNX" | "Checkpoint"): Promise<{ name: string; path: string }> {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByRole("button", { name, exact: true }).click(),
    ]);
    return { name: download.suggestedFilename(), path: await download.path() };
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
