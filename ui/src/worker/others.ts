// Which streams a server has. Asked where one cannot be followed: it may be gone, and others there in its place.

/** Milliseconds in which a server says which, or it says nothing now. */
const PATIENCE = 20_000;

/** The names of a server's streams; undefined when `name` is one of them, or the server does not say. */
export async function otherStreams(base: string, name: string): Promise<readonly string[] | undefined> {
  let list: { readonly streams?: unknown } | null;
  try {
    const answer = await fetch(new URL("api/streams", base), { cache: "no-cache", signal: AbortSignal.timeout(PATIENCE) });
    list = answer.ok ? ((await answer.json()) as typeof list) : null;
  } catch {
    return undefined;
  }
  if (!Array.isArray(list?.streams)) return undefined;
  const names = list.streams.map((stream: { readonly name?: unknown } | null) => String(stream?.name));
  return names.includes(name) ? undefined : names;
}
