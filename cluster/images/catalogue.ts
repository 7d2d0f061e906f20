import { join } from 'node:path';
import type { RootFs } from '../build/debian.ts';
import { binaries, moduleDir, versionOf } from '../build/go.ts';
import { pins } from '../pins.ts';

/** One image that is assembled from source. */
export interface Image {
  /** The name under which manifests ask for it. */
  ref: string;
  /** Root file system below the files; none for static programs. */
  base?: RootFs;
  /** Path in the image → file on this machine. The first one is the entrypoint. */
  files: Record<string, string>;
  /** Numeric, where manifests ask for runAsNonRoot. */
  user?: string;
}

const tool = (name: string) => join(binaries('tools'), name);

const one = (ref: string, path: string, file: string, more: Partial<Image> = {}): Image => ({
  ref,
  files: { [path]: file },
  ...more,
});

/** Every image of the managed cluster. The names that kubeadm wants are asked of kubeadm itself. */
export async function catalogue(kubeadmImages: string[], envoy: string): Promise<Image[]> {
  const programs: Record<string, [path: string, file: string, more?: Partial<Image>]> = {
    'kube-apiserver': ['/usr/local/bin/kube-apiserver', tool('kube-apiserver')],
    'kube-controller-manager': ['/usr/local/bin/kube-controller-manager', tool('kube-controller-manager')],
    'kube-scheduler': ['/usr/local/bin/kube-scheduler', tool('kube-scheduler')],
    'kube-proxy': ['/usr/local/bin/kube-proxy', tool('kube-proxy'), { base: 'network' }],
    etcd: ['/usr/local/bin/etcd', tool('server')],
    coredns: ['/coredns', tool('coredns')],
    pause: ['/pause', tool('pause')],
  };
  const kubernetes = kubeadmImages.map((ref) => {
    const name = /([\w-]+):[^:]+$/.exec(ref)?.[1] ?? '';
    const program = programs[name];
    if (!program) throw new Error(`kubeadm wants ${ref}, which cluster/images/catalogue.ts does not know`);
    return one(ref, ...program);
  });
  const istio = `localhost/istio`;
  const bootstrap = join(await moduleDir('istio.io/istio'), 'tools/packaging/common/envoy_bootstrap.json');
  const metallb = (name: string) =>
    one(`quay.io/metallb/${name}:${pins.metallb}`, `/${name}`, join(binaries('metallb'), name));
  return [
    ...kubernetes,
    // containerd's sandbox image, as kind's containerd configuration names it
    one('registry.k8s.io/pause:3.10', '/pause', tool('pause')),
    metallb('controller'),
    metallb('speaker'),
    one(`${istio}/pilot:${pins.istio.sourceTag}`, '/usr/local/bin/pilot-discovery', tool('pilot-discovery'), {
      user: '1337:1337',
    }),
    {
      ref: `${istio}/proxyv2:${pins.istio.sourceTag}`,
      base: 'network',
      files: {
        '/usr/local/bin/pilot-agent': tool('pilot-agent'),
        '/usr/local/bin/envoy': envoy,
        '/var/lib/istio/envoy/envoy_bootstrap_tmpl.json': bootstrap,
      },
    },
    one(
      `docker.io/mccutchen/go-httpbin:${await versionOf('github.com/mccutchen/go-httpbin/v2')}`,
      '/bin/go-httpbin',
      tool('go-httpbin'),
    ),
    one(`registry.k8s.io/gateway-api/echo-basic:${pins.echoBasic}`, '/echo-basic', tool('echo-basic')),
    // the relay that asks from inside the cluster
    one(`docker.io/envoyproxy/envoy:v${pins.envoy.version}`, '/usr/local/bin/envoy', envoy, {
      base: 'network',
    }),
  ];
}
