// Which view the page shows: the log, or the terminal while the program draws on its screen and the page follows. What a
// person chooses holds until the program begins or stops to draw.
import type { Model } from "./model.ts";

export class Display {
  readonly #model: Model;
  /** Whether the program draws; undefined while nothing is known of it. */
  #drawing: boolean | undefined;
  /** The page goes to the terminal by itself. */
  #byItself = false;
  /** The view that is shown whatever the program does, and whatever a person chooses. */
  only: "log" | "terminal" | undefined;

  constructor(model: Model) {
    this.#model = model;
  }

  /** The stream's state may have changed, while the page follows it or not. */
  look(following: boolean): void {
    const { stream } = this.#model.client.state;
    if (stream === undefined || stream.screen === this.#drawing) return;
    const chosen = this.#drawing === undefined && this.#model.view.display !== undefined;
    this.#drawing = stream.screen;
    this.#byItself = stream.screen && following;
    // A link may name a view; what was chosen on this page was chosen for what the program did then.
    if (!chosen && this.#model.view.display !== undefined) this.#model.show({ display: undefined });
  }

  get terminal(): boolean {
    const { stream } = this.#model.client.state;
    const display = this.only ?? this.#model.view.display;
    return stream?.pty === true && (display === undefined ? this.#byItself : display === "terminal");
  }

  /** Change to the other view; returns whether there is one. */
  toggle(): boolean {
    if (this.only !== undefined || this.#model.client.state.stream?.pty !== true) return false;
    this.#model.show({ display: this.terminal ? "log" : "terminal" });
    return true;
  }
}
