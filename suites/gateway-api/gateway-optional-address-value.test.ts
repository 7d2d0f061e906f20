import { mirrored, v1 } from '../../helpers/gateway-api.ts';
import { testOn } from '../../helpers/test.ts';

const test = testOn({ shared: 'gateway-api/shared' }, 'gateway-api/gateway-optional-address-value');
const facts = mirrored('GatewayOptionalAddressValue', 'Gateway', 'GatewayAddressEmpty');

test(
  'a Gateway that asks for any address is given one, and serves there',
  facts,
  async ({ gateway, ingress, expect }) => {
    await expect(gateway).toReport({
      conditions: { Accepted: 'True Accepted', Programmed: 'True Programmed' },
      outdated: [],
    });
    const host = 'any-address.example.com';
    await expect(ingress).toAnswer([
      { request: { host, path: '/served' }, answer: { status: 200, backend: v1 } },
      { request: { host, path: '/other' }, answer: { status: 404, backend: null } },
    ]);
  },
);
