import { describe, expect, test } from 'vitest';
import type { Client } from '../../model/client.ts';
import { Parameters } from '../parameters.ts';
import {
  findMissingGrantType,
  parseResponseType,
  type ResponseType,
  responseTypes,
} from './response-type.ts';

type Grants = Pick<Client, 'grant_types' | 'compliance_level'>;

function parse(response_type: string, client: Grants): ResponseType {
  return parseResponseType(new Parameters([['response_type', response_type]]), client);
}

const both: Grants = { grant_types: ['authorization_code', 'implicit'], compliance_level: 'none' };

/** Every order of the values. */
function permutations(values: string[]): string[][] {
  if (values.length < 2) return [values];
  return values.flatMap((first) =>
    permutations(values.filter((value) => value !== first)).map((rest) => [first, ...rest]),
  );
}

describe.each(responseTypes)('AZ-3: %s', (response_type) => {
  const values = response_type.split(' ');

  test('in every order, and with a value twice, is one set', () => {
    const canonical = parse(response_type, both);
    expect([...canonical].sort()).toEqual([...values].sort());
    for (const order of permutations(values)) {
      expect(parse(order.join(' '), both)).toEqual(canonical);
      expect(parse(`${order.join('  ')} ${order[0]}`, both)).toEqual(canonical);
    }
  });

  test('AZ-61: needs the grant type of each of its values', () => {
    for (const grant_types of [[], ['authorization_code'], ['implicit'], both.grant_types]) {
      const needsCode = values.includes('code') && !grant_types.includes('authorization_code');
      const needsImplicit = values.some((value) => value !== 'code') && !grant_types.includes('implicit');
      const missing = needsCode ? 'authorization_code' : needsImplicit ? 'implicit' : undefined;
      const client = { ...both, grant_types };
      expect(findMissingGrantType(parse(response_type, both), client)).toBe(missing);
      if (missing !== undefined) expect(() => parse(response_type, client)).toThrow(missing);
    }
  });

  test('nothing beside it is let through', () => {
    for (const other of ['none', 'CODE', 'code\tid_token', 'token,id_token', 'id-token', '__proto__'])
      expect(() => parse(`${response_type} ${other}`, both)).toThrow('Unsupported response type');
  });

  test('FAPI 2.0 Security Profile §5.3.2.2: a client with a compliance level asks for codes alone', () => {
    const fapi: Grants = { ...both, compliance_level: 'fapi2_sp_pkj_mtls' };
    if (response_type === 'code') expect(parse(response_type, fapi)).toEqual(['code']);
    else expect(() => parse(response_type, fapi)).toThrow('response type code alone');
  });
});
