import { expect, test } from 'vitest';
import { type OfficialVerdict, readOutput } from './output.ts';

/** Cases at the same time, sub-tests, and testify's messages, as a test binary prints them with `-test.v`. */
const printed = String.raw`=== RUN   TestConformance
    conformance.go:117: Running conformance tests with:
    suite.go:389: 2026-11-24T21:35:14.399913675Z: Test Setup: Ensuring GatewayClass has been accepted
=== RUN   TestConformance/MeshWeight
    conformance.go:56: Skipping MeshWeight: suite does not support Mesh
=== RUN   TestConformance/StaticAddresses
=== PAUSE TestConformance/StaticAddresses
=== RUN   TestConformance/Redirect
    apply.go:271: 2026-11-24T21:36:40.000000000Z: Creating redirect HTTPRoute
=== RUN   TestConformance/Redirect/to_another_port
    http.go:306: 2026-11-24T21:36:44.824101783Z: timeout while waiting after 30 attempts
=== RUN   TestConformance/Redirect/to_another_host
    http.go:331: 2026-11-24T21:36:45.824101783Z: Request passed
=== NAME  TestConformance/Redirect
    apply.go:279: 2026-11-24T21:36:45.824101783Z: Deleting redirect HTTPRoute
=== RUN   TestConformance/Weight
    http.go:306: 2026-11-24T21:36:45.924101783Z: expected a third of the requests
=== CONT  TestConformance/StaticAddresses
    static-addresses.go:79: retrieving the Gateway
    static-addresses.go:83: 
        	Error Trace:	example.com/conformance@v1.6.3/tests/static-addresses.go:83
        	            				example.com/conformance@v1.6.3/utils/suite.go:542
        	Error:      	Received unexpected error:
        	            	context deadline exceeded
        	Test:       	TestConformance/StaticAddresses
        	Messages:   	expected 3 addresses, got 1
    apply.go:279: 2026-11-24T21:36:46.824101783Z: Deleting static-addresses Gateway
=== RUN   TestConformance/Simple
=== RUN   TestConformance/Simple/request
    http.go:331: 2026-11-24T21:36:47.824101783Z: Request passed
--- FAIL: TestConformance (248.16s)
    --- SKIP: TestConformance/MeshWeight (0.00s)
    --- FAIL: TestConformance/StaticAddresses (0.19s)
    --- FAIL: TestConformance/Redirect (0.28s)
        --- FAIL: TestConformance/Redirect/to_another_port (30.00s)
        --- PASS: TestConformance/Redirect/to_another_host (1.00s)
    --- FAIL: TestConformance/Weight (1.00s)
    --- PASS: TestConformance/Simple (12.50s)
        --- PASS: TestConformance/Simple/request (12.31s)
FAIL`;

/** A line comes every second. */
const read = (text: string): OfficialVerdict[] =>
  readOutput(text.split('\n').map((line, second) => ({ at: second * 1_000, text: line })));

const verdictOf = (name: string) => read(printed).find((verdict) => verdict.name === name);

test('each case has one verdict, whatever its sub-tests and the whole suite have', () => {
  expect(read(printed).map(({ name, verdict }) => [name, verdict])).toEqual([
    ['MeshWeight', 'skipped'],
    ['StaticAddresses', 'failed'],
    ['Redirect', 'failed'],
    ['Weight', 'failed'],
    ['Simple', 'passed'],
  ]);
});

test('its time is that from its first word to its last, sub-tests included, waiting for its turn not', () => {
  expect(verdictOf('Redirect')?.seconds).toBe(7);
  expect(verdictOf('StaticAddresses')?.seconds).toBe(9);
  expect(verdictOf('Simple')?.seconds).toBe(2);
});

test('what failed says why in the words of the assertion, though the case went on to clean up', () => {
  expect(verdictOf('StaticAddresses')?.reason).toBe(
    'Received unexpected error: context deadline exceeded; expected 3 addresses, got 1',
  );
});

test('where a sub-test failed, that one says why, and which it is', () => {
  expect(verdictOf('Redirect')?.reason).toBe('to_another_port: timeout while waiting after 30 attempts');
});

test('where no assertion said why, the last message of the case does, without its time', () => {
  expect(verdictOf('Weight')?.reason).toBe('expected a third of the requests');
});

test('what was skipped says why', () => {
  expect(verdictOf('MeshWeight')?.reason).toBe('Skipping MeshWeight: suite does not support Mesh');
});

test('what passed has no reason, and what a case did not say is not made up', () => {
  expect(verdictOf('Simple')).not.toHaveProperty('reason');
  expect(read('    --- FAIL: TestConformance/Silent (1.00s)')).toEqual([
    { name: 'Silent', verdict: 'failed', seconds: 0 },
  ]);
});

test('the verdict of the whole suite, of a test beside it and of a sub-test is none of a case', () => {
  const others = [
    '--- FAIL: TestConformance (248.16s)',
    '--- SKIP: TestConformanceOptions (0.00s)',
    '        --- FAIL: TestConformance/Weight/Requests_are_split (12.31s)',
    'FAIL',
  ];
  expect(read(others.join('\n'))).toEqual([]);
});
