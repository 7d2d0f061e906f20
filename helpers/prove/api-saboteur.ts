import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Agent, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { createProxyServer, type ProxyServer } from 'http-proxy-3';
import { stringify } from 'yaml';
import { Kube } from '../kube/client.ts';
import type { KubeObject, Selection } from '../kube/objects.ts';
import type { StatusDoes } from './catalogue.ts';
import { rewritten } from './rewrite.ts';

/** A connection to the cluster that goes through a saboteur. */
export interface SabotagedKube {
  kube: Kube;
  close(): Promise<void>;
}

/** What a watch or a list of objects gives. */
interface ObjectList {
  kind: string;
  metadata: { resourceVersion: string };
  items?: KubeObject[];
}

/**
 * A proxy between a client of the Kubernetes API and the API server, at a port of this machine's loopback, that tells
 * objects as a fault says, in answers as in watch events: built on http-proxy-3. Clients get to it by a kubeconfig.
 * @param about the objects that the fault is about
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export async function sabotagedKube(
  kube: Kube,
  does: StatusDoes,
  about: Selection | undefined,
  timeout: number,
): Promise<SabotagedKube> {
  const saboteur = new ApiSaboteur(does, about);
  const port = await saboteur.listen(kube);
  const folder = mkdtempSync(join(tmpdir(), 'ingress-conformance-'));
  try {
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, stringify(kubeconfigFor(port)));
    const sabotaged = new Kube({ kubeconfig, context: 'saboteur' }, timeout);
    return {
      kube: sabotaged,
      close: async () => {
        await sabotaged.close();
        saboteur.close();
      },
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const kubeconfigFor = (port: number) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'saboteur', cluster: { server: `http://127.0.0.1:${port}` } }],
  contexts: [{ name: 'saboteur', context: { cluster: 'saboteur', user: 'saboteur' } }],
  users: [{ name: 'saboteur', user: {} }],
  'current-context': 'saboteur',
});

class ApiSaboteur {
  readonly #does: StatusDoes;
  readonly #about: Selection | undefined;
  readonly #proxy: ProxyServer = createProxyServer({});
  readonly #server: Server;
  #agent: Agent | undefined;
  /** What the last list had, as the API server has it. */
  #listed: KubeObject[] = [];

  constructor(does: StatusDoes, about: Selection | undefined) {
    this.#does = does;
    this.#about = about;
    this.#proxy.on('proxyRes', (came, req, res) => {
      this.#tell(came, req, res as ServerResponse).catch(() => res.destroy());
    });
    this.#proxy.on('error', (_error, _req, res) => void res?.destroy());
    this.#server = createServer();
  }

  async listen(kube: Kube): Promise<number> {
    const { server = '' } = kube.config.getCurrentCluster() ?? {};
    const connection: RequestOptions = {};
    await kube.config.applyToHTTPSOptions(connection);
    const { headers, ...tls } = connection;
    this.#agent = new Agent({ ...tls, keepAlive: true } as ConstructorParameters<typeof Agent>[0]);
    const options = {
      target: server,
      agent: this.#agent,
      changeOrigin: true,
      selfHandleResponse: true,
      // what is packed cannot be told otherwise
      headers: { ...(headers as Record<string, string> | undefined), 'accept-encoding': 'identity' },
    };
    this.#server.on('request', (req, res) => this.#proxy.web(req, res, options));
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    this.#server.unref();
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#proxy.close(() => {});
    this.#agent?.destroy();
  }

  async #tell(came: IncomingMessage, req: IncomingMessage, res: ServerResponse): Promise<void> {
    res.on('error', () => {}).once('close', () => came.destroy());
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://api');
    const type = came.headers['content-type'] ?? 'application/json';
    res.writeHead(came.statusCode ?? 500, { 'content-type': type });
    if (searchParams.has('watch')) return this.#tellEvents(came, res);
    const text = (await buffer(came)).toString('utf8');
    const isObject =
      type.includes('json') && req.method === 'GET' && /\/(namespaces|[^/]+)\/[^/]+/.test(pathname);
    res.end(isObject && came.statusCode === 200 ? JSON.stringify(this.#told(JSON.parse(text))) : text);
  }

  #told(answer: ObjectList | KubeObject): unknown {
    if (!('metadata' in answer) || answer.kind.startsWith('API')) return answer;
    if (!Array.isArray(answer.items)) return this.#object(answer as KubeObject);
    const { hide, hideKind, keep, late } = this.#does;
    this.#listed = answer.items;
    if (late) return { ...answer, items: answer.items.map((item) => ({ ...item, status: undefined })) };
    const items =
      hide || answer.kind === `${hideKind}List` ? [] : answer.items.map((item) => this.#object(item));
    return { ...answer, items: keep === undefined ? items : [...items, this.#kept(keep)] };
  }

  async #tellEvents(came: IncomingMessage, res: ServerResponse): Promise<void> {
    if (this.#does.late)
      for (const object of this.#listed) this.#event(res, { type: 'MODIFIED', object: this.#object(object) });
    for await (const line of createInterface(came)) {
      const event = JSON.parse(line) as { type: string; object: KubeObject };
      if (event.type === 'BOOKMARK' || event.type === 'ERROR') this.#event(res, event);
      else if (!this.#does.hide) this.#event(res, { ...event, object: this.#object(event.object) });
    }
    res.end();
  }

  #event(res: ServerResponse, event: object): void {
    res.write(`${JSON.stringify(event)}\n`);
  }

  #object(object: KubeObject): KubeObject {
    return rewritten(object, this.#does);
  }

  #kept(name: string): KubeObject {
    const { apiVersion = '', kind = '', namespace } = this.#about ?? {};
    return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  }
}
