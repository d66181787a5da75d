import type { Command } from "../protocol.js";
import { Session } from "./session.js";

const session = new Session((message, transfer = []) => self.postMessage(message, { transfer }));

self.addEventListener("message", ({ data }: MessageEvent<Command>) => session.handle(data));
