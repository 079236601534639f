// What `/webtee.js` is: `connect`, and <webtee-stream>, whose code is loaded with the first that is on a page. So whoever
// only connects loads neither the log view nor Lit. Its name and its exports are a contract (docs/embedding.md).
import type { Connect } from "./api.ts";
import { connect as follow } from "./connect.ts";
import { defineElement } from "./element.ts";

export const connect: Connect = follow;

// Not so in Node.
if (typeof customElements !== "undefined") defineElement("webtee-stream");
