import { shared } from '../../helpers/dialects.ts';
import { about, test } from '../../helpers/test.ts';

const facts = about({ dialect: 'gateway-api', features: [] });

// a backend that is merely late ends with a WaitTimeout when its time is over; a pod's own reason comes with the pod's
// status, seconds after it was made, however loaded the machine is

test(
  'httpbin that crash-loops is reported at once with its own reason and last words',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart(shared('gateway-api'), 'ingress-gateways/httpbin/crash-loops');
    await expect(scene.backend('crash-loops')).toBeStuck(
      /container httpbin: CrashLoopBackOff: .*exit code 1[^]*last log lines[^]*192\.0\.2\.1:8080: bind: cannot assign requested address/,
    );
  },
);

test(
  'httpbin that cannot be pulled is reported at once with its own reason',
  facts,
  async ({ apart, expect }) => {
    const scene = await apart(shared('gateway-api'), 'ingress-gateways/httpbin/cannot-be-pulled');
    await expect(scene.backend('cannot-be-pulled')).toBeStuck(
      /container httpbin: (ErrImagePull|ImagePullBackOff): .*localhost:1\/go-httpbin:v2\.26\.0/,
    );
  },
);
