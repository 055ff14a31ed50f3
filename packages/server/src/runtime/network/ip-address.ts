import { isIP } from 'node:net';

/** One person has a whole IPv6 /64, and an IPv4 address may come in IPv6 clothes: both are one place. */
export function networkOf(ip: string): string {
  if (isIP(ip) !== 6) return ip;
  const [a = 0, b = 0, c = 0, d = 0, e = 0, mark, high = 0, low = 0] = groupsOf(ip);
  // RFC 4291 §2.5.5.2: an IPv4-mapped address is ::ffff:0:0/96.
  const isMapped = (a | b | c | d | e) === 0 && mark === 0xffff;
  if (isMapped) return `${high >> 8}.${high & 0xff}.${low >> 8}.${low & 0xff}`;
  return `${a.toString(16)}:${b.toString(16)}:${c.toString(16)}:${d.toString(16)}::/64`;
}

/** The 4 or 16 bytes of an address; undefined for a host name. */
export function addressBytes(host: string): Buffer | undefined {
  if (isIP(host) === 0) return undefined;
  if (isIP(host) === 4) return Buffer.from(host.split('.').map(Number));
  return Buffer.from(groupsOf(host).flatMap((group) => [group >> 8, group & 0xff]));
}

/** The eight groups of an IPv6 address, however it is spelt: RFC 4291 §2.2. Hot: every request is counted by it. */
function groupsOf(ip: string): number[] {
  const groups: number[] = [];
  let gap = 0;
  const zone = ip.indexOf('%');
  for (const text of (zone < 0 ? ip : ip.slice(0, zone)).split(':')) {
    if (text === '') gap = groups.length;
    else if (text.includes('.')) groups.push(...dottedGroups(text));
    else groups.push(Number.parseInt(text, 16));
  }
  while (groups.length < 8) groups.splice(gap, 0, 0);
  return groups;
}

/** The last 32 bits may be written as an IPv4 address. */
function dottedGroups(text: string): [number, number] {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [(a << 8) | b, (c << 8) | d];
}
