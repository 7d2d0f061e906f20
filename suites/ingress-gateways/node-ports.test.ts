import { inEachDialect } from '../../helpers/dialects.ts';
import { type Exchange, notFound } from '../../helpers/traffic/exchange.ts';

const host = 'node-ports.example.com';
const status: Exchange = {
  request: { method: 'HEAD', host, path: '/status/200' },
  answer: { status: 200, backend: 'httpbin' },
};
const nearMiss: Exchange = { request: { host, path: '/headers' }, answer: notFound };

inEachDialect(
  'ingress-gateways/node-ports',
  ({ dialect, test, facts }) => {
    test(
      'address of a node that runs the ingress gateway, and the node port named http2',
      facts,
      async ({ scene, expect }) => {
        const ingress = await scene.edge().nodePort('http2');
        const { port } = ingress.address;
        await expect(ingress).toAnswer([
          status,
          { ...status, request: { ...status.request, host: `${host}:${port}` } },
          nearMiss,
          { request: { ...status.request, host: `other.example.com:${port}` }, answer: notFound },
        ]);
      },
    );

    if (dialect === 'ingress') return;

    test('the node port named tcp, where nothing is routed by path', facts, async ({ scene, expect }) => {
      await expect(await scene.edge().nodePort('tcp')).toAnswer([
        status,
        { ...nearMiss, answer: { status: 200, backend: 'httpbin', seen: { host } } },
      ]);
    });
  },
  { only: ['istio-api', 'ingress'] },
);
