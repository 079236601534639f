// <webtee-player>: the bar of the time machine, there while it is on: to the start, play and pause, how fast, where in time,
// back to the present. It moves the playhead with the animation frames of the page, so that a hidden tab stands still.
import { css, html, LitElement, type TemplateResult } from "lit";
import { SPEEDS } from "../../core/time/playback.ts";
import { controlStyles } from "../controls.ts";
import { icon } from "../icons.ts";
import type { Model } from "../model.ts";
import { whenWords } from "./when.ts";

/** Steps of the scrubber from one end of the log to the other. */
const STEPS = 10_000;

export class WebteePlayer extends LitElement {
  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        border-top: 1px solid var(--rule);
        background: var(--bar);
        color: var(--fg);
        font: 13px/20px var(--sans);
      }
      :host([hidden]) {
        display: none;
      }
      .player {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
        padding: 5px 8px;
      }
      .time {
        flex: 1 1 auto;
        min-width: 64px;
        font-weight: 600;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      .time.scrubbed {
        flex: none;
      }
      .waiting {
        color: var(--quiet);
      }
      input[type="range"] {
        flex: 1 1 120px;
        min-width: 80px;
        height: var(--control);
        margin: 0 4px;
      }
      .idle {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: var(--control);
        padding: 0 6px;
        color: var(--quiet);
        white-space: nowrap;
        cursor: pointer;
      }
      .idle input {
        width: 16px;
        height: 16px;
        margin: 0;
      }
      /* The bar says it, too. */
      @media (max-width: 640px) {
        .player {
          gap: 4px;
          padding: 5px;
        }
        .time {
          visibility: hidden;
          flex: 1 1 0;
          min-width: 0;
          overflow: hidden;
        }
        select {
          padding: 0 4px;
        }
        input[type="range"] {
          order: -1;
          flex: 1 1 100%;
        }
      }
    `,
  ];
  static override properties = { model: { attribute: false } };

  declare model: Model;
  readonly #cleanup = new AbortController();
  #frame = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    const { signal } = this.#cleanup;
    this.model.client.addEventListener("replay", () => this.#changed(), { signal });
    this.model.addEventListener("settings", () => this.requestUpdate(), { signal });
  }

  /** The element is not used again once it has left the page. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    this.#cleanup.abort();
  }

  override willUpdate(): void {
    this.hidden = this.model.client.replay === undefined;
  }

  override render(): TemplateResult {
    const { replay } = this.model.client;
    if (replay === undefined) return html``;
    const { client, settings } = this.model;
    const { time, from, to, playing, speed, skipIdle, waiting } = replay;
    const words = whenWords(time, 1000);
    const share = (time - from) / Math.max(1, to - from);
    return html`
      <div class="player" role="group" aria-label="Time machine">
        <button class="square" type="button" aria-label="To the start" title="To the start" @click=${() => client.order({ what: "seek", time: from })}>
          ${icon("start")}
        </button>
        <button
          class="square"
          type="button"
          data-testid="play"
          aria-label=${playing ? "Pause playing" : "Play"}
          title=${playing ? "Pause (Space)" : "Play (Space)"}
          @click=${() => client.order({ what: playing ? "pause" : "play" })}
        >
          ${icon(playing ? "pause" : "follow")}
        </button>
        <select aria-label="Speed" title="Speed" @change=${(event: Event) => this.#speed(event)}>
          ${SPEEDS.map((each) => html`<option value=${each} .selected=${each === speed}>${each}×</option>`)}
        </select>
        <span class="time ${waiting ? "waiting" : ""} ${settings.timeline ? "" : "scrubbed"}" data-testid="playtime">${words}</span>
        <input
          type="range"
          min="0"
          max=${STEPS}
          aria-label="Time"
          aria-valuetext=${words}
          ?hidden=${settings.timeline}
          .value=${String(Math.round(share * STEPS))}
          @input=${(event: Event) => this.#scrub(event)}
        />
        <label class="idle" title="Of long stretches without output, play only the end">
          <input type="checkbox" .checked=${skipIdle} @change=${() => client.order({ what: "idle", skip: !skipIdle })} />Skip idle
        </label>
        <button class="framed" type="button" data-testid="live" title="Back to the present (Esc)" @click=${() => client.order({ what: "live" })}>
          Live
        </button>
      </div>
    `;
  }

  #changed(): void {
    this.requestUpdate();
    if (this.model.client.replay?.playing === true && this.#frame === 0) this.#frame = requestAnimationFrame((clock) => this.#tick(clock));
  }

  #tick(clock: number): void {
    this.#frame = 0;
    const { client } = this.model;
    if (client.replay?.playing !== true) return;
    client.order({ what: "tick", clock });
    this.#frame = requestAnimationFrame((next) => this.#tick(next));
  }

  #speed(event: Event): void {
    this.model.client.order({ what: "speed", speed: Number((event.target as HTMLSelectElement).value) });
  }

  #scrub(event: Event): void {
    const { client } = this.model;
    if (client.replay === undefined) return;
    const { from, to } = client.replay;
    const share = Number((event.target as HTMLInputElement).value) / STEPS;
    client.order({ what: "seek", time: Math.round(from + share * (to - from)) });
  }
}

customElements.define("webtee-player", WebteePlayer);
