// The page's own stream and what this page shows of it. Made before the components are (main.ts): the worker connects
// while they are being made.
import { Client } from "./client.ts";
import { Model } from "./model.ts";

export const model = new Model(new Client());
model.ownPage();

/** The worker is there; rejects when there is no webtee behind this page. */
export const started = model.client.start();
