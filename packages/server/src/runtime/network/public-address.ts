// Which IP addresses anybody on the internet may be reached at, by IANA's registries of special-purpose addresses.
import { BlockList, isIP } from 'node:net';

/** `private`: of this machine or of a network beside it. `never`: nobody's, everybody's, or the machine's own link. */
export type Reach = 'public' | 'private' | 'never';

function listOf(...ranges: string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

// https://www.iana.org/assignments/iana-ipv4-special-registry
const privateIpv4 = listOf('10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16');
/** Link-local is where clouds keep the credentials of a machine. */
const neverIpv4 = listOf(
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
);

// https://www.iana.org/assignments/iana-ipv6-special-registry; RFC 4291 §2.4: global unicast is assigned from 2000::/3.
const privateIpv6 = listOf('::1/128', 'fc00::/7');
const globalIpv6 = listOf('2000::/3');
/** Of 2000::/3: Teredo, ORCHID and the like, documentation, 6to4, whose addresses hide IPv4 ones. */
const neverIpv6 = listOf('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20');

/** Whatever is no address is reached never; so are IPv4 addresses in IPv6 clothes (mapped, NAT64, 6to4). */
export function reachOf(address: string): Reach {
  if (isIP(address) === 4) {
    if (neverIpv4.check(address)) return 'never';
    return privateIpv4.check(address) ? 'private' : 'public';
  }
  // With a zone (`fe80::1%eth0`) it is an address of one link.
  if (isIP(address) !== 6 || address.includes('%')) return 'never';
  if (privateIpv6.check(address, 'ipv6')) return 'private';
  return globalIpv6.check(address, 'ipv6') && !neverIpv6.check(address, 'ipv6') ? 'public' : 'never';
}
