// <webtee-stream>: a stream in anybody's page, as an element that is nothing by itself. Its view is loaded when the first
// one is in a document, made anew whenever it is put there or gets another `src`, and closed with its connection when it
// leaves. It touches nothing of the page around it.
import type { Attributes, EmbeddedView } from "./view.ts";

export function defineElement(name: string): void {
  // Another webtee's module may have been first: theirs does as well.
  if (customElements.get(name) !== undefined) return;

  class WebteeStream extends HTMLElement {
    static readonly observedAttributes = ["src", "follow", "filter", "lines", "theme", "view"];
    #view: EmbeddedView | undefined;
    /** Changes with each view that is wanted, so that one whose code comes too late is none. */
    #wanted = 0;

    connectedCallback(): void {
      void this.#show();
    }

    disconnectedCallback(): void {
      this.#wanted += 1;
      this.#view?.close();
      this.#view = undefined;
    }

    attributeChangedCallback(attribute: string, before: string | null, now: string | null): void {
      if (before === now || !this.isConnected) return;
      if (attribute === "src") {
        this.disconnectedCallback();
        void this.#show();
      } else this.#view?.change(this.#attributes());
    }

    #attributes(): Attributes {
      const said = (attribute: string): string | null => this.getAttribute(attribute);
      return { src: said("src"), follow: said("follow"), filter: said("filter"), lines: said("lines"), theme: said("theme"), view: said("view") };
    }

    async #show(): Promise<void> {
      const wanted = ++this.#wanted;
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      try {
        const { EmbeddedView } = await import("./view.ts");
        if (wanted === this.#wanted) this.#view = new EmbeddedView(root, this.#attributes());
      } catch (error) {
        root.textContent = "The view of this stream could not be loaded.";
        console.error("webtee-stream:", error);
      }
    }
  }

  customElements.define(name, WebteeStream);
}
