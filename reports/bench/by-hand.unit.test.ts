import { expect, test } from 'vitest';
import { readByHand } from './by-hand.ts';

const output = `✓ --head http://10.0.0.1:80/status/200: 200
✓ --head http://10.0.0.1:80/headers: 404
requests 11
api-calls 47
0m0.010s 0m0.020s
1m0.940s 0m0.450s
`;

test('verdicts, requests, calls, and the time of the shell and of all that it ran', () => {
  expect(readByHand(output)).toEqual({
    cases: 2,
    failed: 0,
    requests: 11,
    apiCalls: 47,
    cpu: expect.closeTo(61.42),
  });
});

test('an output that ends too soon is none', () => {
  expect(() => readByHand(output.replace(/api-calls.*/, ''))).toThrow('how many api-calls');
  expect(() => readByHand(output.split('1m0')[0] ?? '')).toThrow('did not say its times');
});
