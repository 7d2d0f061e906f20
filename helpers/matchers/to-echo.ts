import { isDeepStrictEqual } from 'node:util';
import type { Ingress } from '../edge/edge.ts';
import { requestLine } from '../traffic/exchange.ts';
import { authority, type Request } from '../traffic/request.ts';
import { steadily } from '../traffic/steadily.ts';
import { type Conversation, converse, type Message } from '../traffic/websocket.ts';
import { complain, within } from './complain.ts';
import type { Result } from './result.ts';

const inARow = 3;

/** A WebSocket opens and gets the bytes of each message back; three times in a row. */
export async function toEcho(ingress: Ingress, request: Request, messages: Message[]): Promise<Result> {
  const { of, setup, address } = ingress;
  const { connect, request: limit, answer } = setup.cluster.run.timeouts;
  const { signal } = of;
  await setup.ready();
  const wanted: Conversation = { replies: messages.map((message) => Buffer.from(message)) };
  const { steady, tries, lastWrong, elapsedMs } = await steadily<Conversation>(
    async () => {
      const came = await converse(address, request, messages, { connect, request: limit, signal });
      return isDeepStrictEqual(came, wanted) ? { right: true } : { right: false, wrong: came };
    },
    { times: inARow, timeout: answer, signal },
  );
  of.notes.attempts += tries;
  const step = { asked: `WebSocket ${requestLine(request)}`, wanted: line(wanted), attempts: tries };
  if (steady || !lastWrong) {
    const steps = [{ ...step, got: step.wanted, right: true }];
    return { pass: true, message: () => `${authority(address)} echoes`, steps };
  }
  of.wrong ??= { unsayable: 'curl speaks no messages of a WebSocket' };
  const failure = {
    expected: `${step.asked} → ${step.wanted}`,
    got: line(lastWrong),
    cause:
      'failed' in lastWrong
        ? 'the gateway does not hand the upgrade to the backend, or the backend does not take it'
        : 'the gateway changes, drops or merges messages on the way',
    repro: of.again,
  };
  const steps = [{ ...step, got: failure.got, right: false }];
  return complain(ingress, failure, { tried: `${tries} times ${within(elapsedMs)}`, steps });
}

function line(conversation: Conversation): string {
  if ('failed' in conversation) return `no conversation: ${conversation.failed}`;
  const words = conversation.replies.map((reply) =>
    /^[\u0020-\u007e]*$/.test(reply.toString('latin1')) ? `"${reply}"` : `0x${reply.toString('hex')}`,
  );
  return words.join(', ');
}
