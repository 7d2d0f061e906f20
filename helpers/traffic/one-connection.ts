import type { Address, Answer, Limits, NoAnswer, Request, Tls } from './request.ts';

/** One connection that several requests go over. */
export interface OneConnection {
  /** How its handshake was made. */
  readonly tls: Tls | undefined;
  /** `a held HTTP/2 connection` */
  readonly what: string;
  /** Sends one request over it, as `send` does over a new one. */
  send(request: Request, limits: Limits): Promise<Answer | NoAnswer>;
  /**
   * Opens it anew where it has ended, as it does with the gateway's pod; to be called between tables only, all of which
   * go over one. Where that fails, requests get no answer.
   */
  reopen(limits: Limits): Promise<void>;
  /** Another one of its kind, to another address. @throws Problem saying why it does not open */
  like(address: Address, limits: Limits): Promise<OneConnection>;
  /** Ends it. */
  close(): void;
}
