/**
 * The lines of a body as they come in. A connection that breaks, or is aborted, ends them; what came before is given.
 */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch {
    // a broken connection is an end like any other: who reads opens anew where that matters
  }
  if (rest !== '') yield rest;
}
