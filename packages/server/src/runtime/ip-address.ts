import { isIP } from 'node:net';

/** One person has a whole IPv6 /64, and an IPv4 address may come in IPv6 clothes: both are one place. */
export function networkOf(ip: string): string {
  if (isIP(ip) !== 6) return ip;
  const groups = groupsOf(ip);
  const [high = 0, low = 0] = groups.slice(6);
  // RFC 4291 §2.5.5.2: an IPv4-mapped address is ::ffff:0:0/96.
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** The 4 or 16 bytes of an address; undefined for a host name. */
export function addressBytes(host: string): Buffer | undefined {
  if (isIP(host) === 0) return undefined;
  if (isIP(host) === 4) return Buffer.from(host.split('.').map(Number));
  return Buffer.from(groupsOf(host).flatMap((group) => [group >> 8, group & 0xff]));
}

/** The eight groups of an IPv6 address, however it is spelt; a URL spells them in one way. */
function groupsOf(ip: string): number[] {
  const { hostname } = new URL(`http://[${ip.replace(/%.*$/, '')}]`);
  const halves = hostname
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').filter(Boolean));
  const [first = [], last = []] = halves;
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return [...first, ...zeros, ...last].map((group) => Number.parseInt(group, 16));
}
