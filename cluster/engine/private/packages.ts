import { unpackPackages } from '../../debian-packages.ts';

/** Debian's packages of the engine, and of what its programs load, whether the machine has them or not. */
const engine = [
  'docker.io',
  'containerd',
  'runc',
  'tini',
  'iptables',
  'iproute2',
  'libbpf1',
  'libelf1',
  'libbsd0',
  'libdevmapper1.02.1',
  'libip4tc2',
  'libip6tc2',
  'libmd0',
  'libmnl0',
  'libnetfilter-conntrack3',
  'libnfnetlink0',
  'libnftnl11',
  'libseccomp2',
  'libxtables12',
];

/** Builds root file systems; a Perl program that needs no more than apt. */
const builder = ['mmdebstrap'];

/** Unpacks the engine's programs; settles when they are in `folder`. */
export const unpackEngine = (folder: string) =>
  unpackPackages({ step: 'engine-packages', names: engine }, folder);

/** Unpacks mmdebstrap; settles when it is in `folder`. */
export const unpackBuilder = (folder: string) =>
  unpackPackages({ step: 'builder-packages', names: builder }, folder);
