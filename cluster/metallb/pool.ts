import { isIPv6 } from 'node:net';

const toNumber = (address: string): bigint => {
  if (!isIPv6(address)) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const groups = address.includes('::') ? [...left, ...zeros, ...right] : left;
  return groups.reduce((sum, part) => (sum << 16n) | BigInt(`0x${part}`), 0n);
};

const toAddress = (value: bigint, v6: boolean): string => {
  const size = v6 ? 16n : 8n;
  const parts = Array.from(
    { length: v6 ? 8 : 4 },
    (_, i) => (value >> (size * BigInt((v6 ? 7 : 3) - i))) & ((1n << size) - 1n),
  );
  return parts.map((part) => part.toString(v6 ? 16 : 10)).join(v6 ? ':' : '.');
};

/**
 * The address range that MetalLB may give away in an engine network: up to 250 addresses at the upper end, where
 * the engine, which counts from the lower end, comes last.
 * @param subnet CIDR, IPv4 or IPv6, as the engine's network has it
 */
export function poolOf(subnet: string): string {
  const [address = '', prefix = ''] = subnet.split('/');
  const v6 = isIPv6(address);
  const bits = BigInt(v6 ? 128 : 32) - BigInt(prefix);
  const size = 1n << bits;
  const base = (toNumber(address) >> bits) << bits;
  const count = size / 4n < 250n ? size / 4n : 250n;
  // the last address of an IPv4 subnet is its broadcast address
  const last = base + size - 2n;
  return `${toAddress(last - count + 1n, v6)}-${toAddress(last, v6)}`;
}
