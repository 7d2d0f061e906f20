import { describe, expect, test } from 'vitest';
import type { Exchange, Expected } from './exchange.ts';
import { type Branch, type DecidedSplit, decideSplit } from './split.ts';
import { askedOf, type Gateway } from './testdata/gateway.ts';

const from = (backend: string): Expected => ({ status: 200, backend });
const request = { host: 'a.example', path: '/' };
/** Three of four requests to httpbin. */
const threeOfFour: Branch[] = [
  { weight: 3, answer: from('httpbin') },
  { weight: 1, answer: from('other') },
];
const half: Branch[] = threeOfFour.map((branch) => ({ ...branch, weight: 1 }));

/** Takes turns: of each `every` requests the first to `other`. */
const turns =
  (every: number): Gateway =>
  (message, response, { hand }, count) => {
    hand(count % every === 0 ? 'other' : 'httpbin', message);
    response.end();
  };

/** Fails one of seven. */
const failing: Gateway = (message, response, edge, count) =>
  count % 7 === 0 ? response.writeHead(503).end() : turns(4)(message, response, edge, count);

/** Serves nothing at first. */
const late: Gateway = (message, response, edge, count) =>
  count <= 40 ? response.writeHead(404).end() : turns(4)(message, response, edge, count);

const copied = (weight: number): Branch[] => [
  { weight, answer: { status: 200, backend: 'httpbin', mirrored: ['other'] } },
  { weight: 100 - weight, answer: { status: 200, backend: 'httpbin', mirrored: [] } },
];
/** One request of five has a copy, which comes this much later. */
const mirroring =
  (milliseconds: number, copies = 1): Gateway =>
  (message, response, { hand }, count) => {
    if (message.url?.startsWith('/other')) hand('other', message);
    else {
      hand('httpbin', message);
      if (count % 5 === 0)
        for (let n = 0; n < copies; n += 1) setTimeout(() => hand('other', message), milliseconds);
    }
    response.end();
  };

const split = async (gateway: Gateway, branches: Branch[]): Promise<DecidedSplit> =>
  decideSplit(request, branches, await askedOf(gateway));

describe('a split over backends', () => {
  test('is as expected in its shares', async () => {
    const { steady, verdict, counts, requests } = await split(turns(4), threeOfFour);
    expect({ steady, verdict }).toEqual({ steady: true, verdict: 'as expected' });
    expect(counts).toEqual([(requests * 3) / 4, requests / 4]);
  });

  test('is otherwise in others', async () => {
    await expect(split(turns(4), half)).resolves.toMatchObject({ steady: true, verdict: 'otherwise' });
  });

  test('is otherwise as soon as there is one of weight nothing', async () => {
    const none = threeOfFour.map(({ answer }, at) => ({ weight: at === 0 ? 1 : 0, answer }));
    await expect(split(turns(4), none)).resolves.toMatchObject({ verdict: 'otherwise', requests: 32 });
  });

  test('is not judged while answers come that are of no branch', async () => {
    await expect(split(failing, threeOfFour)).resolves.toMatchObject({
      steady: false,
      lastWrong: { outcome: { answer: { status: 503 } } },
    });
  });

  test('begins anew after them', async () => {
    await expect(split(late, threeOfFour)).resolves.toMatchObject({ steady: true, verdict: 'as expected' });
  });
});

describe('a split over who gets a copy', () => {
  const beside: Exchange = { request: { path: '/other' }, answer: from('other') };
  test('is as expected in its shares', async () => {
    const decided = await decideSplit(request, copied(20), await askedOf(mirroring(0)), { beside });
    expect(decided).toMatchObject({ steady: true, verdict: 'as expected' });
  });

  test('counts copies that come late', async () => {
    const decided = await decideSplit(request, copied(20), await askedOf(mirroring(50)), { beside });
    expect(decided).toMatchObject({ steady: true, verdict: 'as expected' });
  });

  test.for([0, 50, 100])('is otherwise where %d in a hundred are expected', async (percent) => {
    const decided = await decideSplit(request, copied(percent), await askedOf(mirroring(0)), { beside });
    expect(decided).toMatchObject({ steady: true, verdict: 'otherwise' });
  });

  test('is not judged while requests have two copies', async () => {
    const decided = await decideSplit(request, copied(20), await askedOf(mirroring(0, 2)), { beside });
    expect(decided).toMatchObject({
      steady: false,
      lastWrong: { outcome: { sighting: { copies: ['other', 'other'] } } },
    });
  });

  test('is refused without an exchange that tells when there is none', async () => {
    await expect(decideSplit(request, copied(20), await askedOf(mirroring(0)))).rejects.toThrow('while');
  });
});
