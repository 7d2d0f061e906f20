import { about, test } from '../../helpers/test.ts';

const facts = about({ dialect: 'gateway-api', features: [] });

/** Milliseconds within which a pod that cannot start has to be reported, far below the time a slow start may take. */
const withinSeconds = 20_000;

test('httpbin comes up', facts, async ({ apart, expect }) => {
  const { setup } = await apart('httpbin');
  const pods = await setup.ready();
  expect(pods).toEqual([expect.objectContaining({ backend: 'httpbin' })]);
});

test(
  'httpbin that crash-loops is reported in seconds with its own reason and last words',
  facts,
  async ({ apart, expect }) => {
    const { setup } = await apart('ingress-gateways/httpbin/crash-loops');
    await expect(setup.ready()).rejects.toThrow(
      /container httpbin: CrashLoopBackOff: .*exit code 1[^]*last log lines[^]*192\.0\.2\.1:8080: bind: cannot assign requested address/,
    );
    expect(setup.elapsed).toBeLessThan(withinSeconds);
  },
);

test(
  'httpbin that cannot be pulled is reported in seconds with its own reason',
  facts,
  async ({ apart, expect }) => {
    const { setup } = await apart('ingress-gateways/httpbin/cannot-be-pulled');
    await expect(setup.ready()).rejects.toThrow(
      /container httpbin: (ErrImagePull|ImagePullBackOff): .*localhost:1\/go-httpbin:v2\.26\.0/,
    );
    expect(setup.elapsed).toBeLessThan(withinSeconds);
  },
);
