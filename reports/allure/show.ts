import { preview } from 'vite';

/** A report that can be looked at. */
interface Shown {
  url: string;
  close: () => Promise<void>;
}

/**
 * Serves a folder on 127.0.0.1 and opens it in this machine's browser; BROWSER=none opens none.
 * @param port another one where it is taken
 * @returns its URL, when it answers; the process goes on until it is closed
 */
export async function showReport(folder: string, port: number): Promise<Shown> {
  const { resolvedUrls, close } = await preview({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    appType: 'mpa',
    build: { outDir: '.' },
    preview: { host: '127.0.0.1', port, open: true },
  });
  return { url: resolvedUrls?.local[0] ?? `http://127.0.0.1:${port}/`, close };
}
