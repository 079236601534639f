// Asking the server without waiting for ever: a request fails when nothing has come for a while, be it the answer or more
// of it. A network that drops a connection says nothing of it, and what hangs would stand in the way of what follows.

/** Milliseconds without a byte. The server says something more often than this, however long a search takes. */
const PATIENCE = 30_000;

/** As `fetch`, for an answer that is read as it comes. */
export async function fetchPatiently(url: string, { signal, ...init }: RequestInit = {}): Promise<Response> {
  const abort = new AbortController();
  const stop = (): void => {
    clearTimeout(timer);
    abort.abort();
  };
  let timer = setTimeout(stop, PATIENCE);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted === true) stop();
  const heard = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(piece, controller) {
      clearTimeout(timer);
      timer = setTimeout(stop, PATIENCE);
      controller.enqueue(piece);
    },
    flush() {
      clearTimeout(timer);
    },
  });
  try {
    const { body, status } = await fetch(url, { ...init, signal: abort.signal });
    if (body === null) clearTimeout(timer);
    return new Response(body?.pipeThrough(heard) ?? null, { status });
  } catch (error) {
    clearTimeout(timer);
    throw error;
  }
}
