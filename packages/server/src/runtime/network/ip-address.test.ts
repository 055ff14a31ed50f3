import { expect, test } from 'vitest';
import { addressBytes, networkOf } from './ip-address.ts';

test('one person has a whole /64', () => {
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:0db8:0001:0002::1')).toBe('2001:db8:1:2::/64');
  expect(networkOf('2001:DB8::1')).toBe('2001:db8:0:0::/64');
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});

test('the bytes of an address, in whichever spelling; a host name has none', () => {
  expect(addressBytes('192.0.2.1')?.toString('hex')).toBe('c0000201');
  expect(addressBytes('::1')?.toString('hex')).toBe('00000000000000000000000000000001');
  expect(addressBytes('2001:DB8::5:0:6')?.toString('hex')).toBe('20010db8000000000000000500000006');
  expect(addressBytes('::ffff:192.0.2.1')?.toString('hex')).toBe('00000000000000000000ffffc0000201');
  expect(addressBytes('localhost')).toBeUndefined();
  expect(addressBytes('1.2.3')).toBeUndefined();
});
