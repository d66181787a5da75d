import { sameBits } from "./train.js";

// What check-same-bits runs in every engine: to standard output, or into the page.

const { document: page } = globalThis as { readonly document?: { readonly body: { textContent: string } } };
const text = JSON.stringify(sameBits());
if (page === undefined) console.log(text);
else page.body.textContent = text;
