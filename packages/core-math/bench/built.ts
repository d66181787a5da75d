import type * as source from "../src/index.js";

/**
 * The built package. Through the sources, each module of which vitest rewrites, a call costs several times what users
 * pay.
 */
export const built = (await import(new URL("../dist/index.js", import.meta.url).href)) as typeof source;
