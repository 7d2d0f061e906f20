import type { TrafficDoes } from './catalogue.ts';

/** A body as a saboteur hands it on; the same object where there is nothing to change. */
export function alteredBytes(body: Buffer, does: TrafficDoes['sent'] | undefined): Buffer {
  if (body.length === 0) return body;
  const middle = Math.floor(body.length / 2);
  switch (does) {
    case 'lost':
      return Buffer.alloc(0);
    case 'halved':
      return body.subarray(0, middle);
    case 'changed': {
      const other = Buffer.from(body);
      other[middle] = other[middle] === 0x78 ? 0x79 : 0x78;
      return other;
    }
    case 'doubled':
      return Buffer.concat([body, body]);
    default:
      return body;
  }
}
