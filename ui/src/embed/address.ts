// Where an embedded stream is. Its URL is the one that a browser shows for it, https://host/s/NAME, or the server's, which
// means its first stream. Before a connection the server is asked for its streams: a browser does not tell why
// a WebSocket failed, and a page that shows nothing has to say why.

/** The server's URL, which ends in a slash, and the stream's name. */
export interface Place {
  readonly base: string;
  readonly name: string;
}

export interface Address {
  readonly base: string;
  readonly name: string | undefined;
}

/** Why nothing can be shown, as a sentence for people. */
class Fault extends Error {
  override readonly name = "Fault";
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;

/**
 * Read a stream's URL; one without a host is relative to the page.
 *
 * @throws TypeError when it is none.
 */
export function parseAddress(given: string | URL): Address {
  const url = new URL(given, typeof document === "undefined" ? undefined : document.baseURI);
  url.protocol = url.protocol.replace(/^ws/, "http");
  if (!/^https?:$/.test(url.protocol)) throw new TypeError(`${url.href} is no http: or https: URL`);
  const [, root, name] = /^(.*\/)s\/([^/]+)\/?$/.exec(url.pathname) ?? [];
  const path = root ?? (url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`);
  try {
    return { base: new URL(path, url).href, name: name === undefined ? undefined : decodeURIComponent(name) };
  } catch {
    throw new TypeError(`${url.href} names no stream`);
  }
}

/** Find a stream, however long it takes; `onfault` is told why it cannot be had yet. */
export async function locate(address: Address, signal: AbortSignal, onfault: (why: string) => void): Promise<Place> {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await find(address, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof Fault)) throw error;
      onfault(error.message);
    }
    await sleep(pause, signal);
  }
}

async function find({ base, name }: Address, signal: AbortSignal): Promise<Place> {
  const names = await streamNames(base, signal);
  const [first] = names;
  if (first === undefined) throw new Fault(`${base} has no streams.`);
  if (name !== undefined && !names.includes(name)) throw new Fault(`${base} has no stream “${name}”, but “${names.slice(0, 9).join("”, “")}”.`);
  return { base, name: name ?? first };
}

async function streamNames(base: string, signal: AbortSignal): Promise<string[]> {
  let answer: Response;
  try {
    answer = await fetch(new URL("api/streams", base), { signal });
  } catch {
    throw new Fault(await whySilent(base, signal));
  }
  const list = answer.ok ? ((await answer.json().catch(() => null)) as { streams?: unknown } | null) : null;
  if (!Array.isArray(list?.streams)) throw new Fault(`${base} is no webtee: it answers ${answer.status}.`);
  return list.streams.map((stream: { name?: unknown } | null) => String(stream?.name));
}

/** A page may not read what a server answers that does not know it. But it may see that there is an answer. */
async function whySilent(base: string, signal: AbortSignal): Promise<string> {
  try {
    await fetch(new URL("healthz", base), { mode: "no-cors", signal });
  } catch {
    return `${base} cannot be reached.`;
  }
  if (origin === "null") return `${base} lets no page from a file or a sandbox read from it: serve this page over HTTP.`;
  return `${base} does not let pages of ${origin} read from it: its option --allow-origin ${origin} would.`;
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal.addEventListener("abort", wake);
  });
}
