import http from 'node:http';
import type { OneConnection } from './one-connection.ts';
import { type Address, type Answer, type Limits, type NoAnswer, type Request, send } from './request.ts';

/**
 * One HTTP/1.1 connection that is kept open: requests go over it one after the other, whatever host they are for. One
 * that the other side ends, as it may after any answer, is opened anew.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-9.3
 */
export class KeptConnection implements OneConnection {
  readonly tls = undefined;
  readonly what = 'a kept HTTP/1.1 connection';
  readonly #address: Address;
  readonly #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

  constructor(address: Address) {
    this.#address = address;
  }

  send(request: Request, limits: Limits): Promise<Answer | NoAnswer> {
    return send(this.#address, request, limits, { http: this.#agent });
  }

  /** It is, by each request. */
  async reopen(): Promise<void> {}

  async like(address: Address): Promise<KeptConnection> {
    return new KeptConnection(address);
  }

  close(): void {
    this.#agent.destroy();
  }
}
