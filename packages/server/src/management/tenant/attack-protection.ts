// /attack-protection/… (contract AP-1 to AP-5, §3.7). Counters that are in a process's memory begin anew with other limits.
import {
  bruteForceProtectionEntrySchema,
  ipThrottlingEntrySchema,
  resolveBruteForceProtection,
  resolveIpThrottling,
} from '../../configuration/tenant/attack-protection.ts';
import { tenantSettingsSchema } from '../../model/tenant.ts';
import { route } from '../route.ts';
import { changeStored, storedSettings } from './settings.ts';

const { brute_force_protection, suspicious_ip_throttling } = tenantSettingsSchema.shape;
const scopes = { read: ['read:attack_protection'], update: ['update:attack_protection'] } as const;

export const attackProtectionRoutes = [
  route({
    method: 'GET',
    path: '/attack-protection/brute-force-protection',
    summary: 'Get brute-force settings',
    scopes: scopes.read,
    status: 200,
    response: brute_force_protection.unwrap(),
    answer: async (_call, stores) => (await storedSettings(stores)).brute_force_protection,
  }),
  route({
    method: 'PATCH',
    path: '/attack-protection/brute-force-protection',
    summary: 'Update brute-force settings',
    scopes: scopes.update,
    body: bruteForceProtectionEntrySchema,
    status: 200,
    response: brute_force_protection.unwrap(),
    answer: async ({ body }, stores) => {
      const changed = await changeStored(stores, (stored) => ({
        brute_force_protection: resolveBruteForceProtection(body, stored.brute_force_protection),
      }));
      return changed.brute_force_protection;
    },
  }),
  route({
    method: 'GET',
    path: '/attack-protection/suspicious-ip-throttling',
    summary: 'Get suspicious IP throttling settings',
    scopes: scopes.read,
    status: 200,
    response: suspicious_ip_throttling.unwrap(),
    answer: async (_call, stores) => (await storedSettings(stores)).suspicious_ip_throttling,
  }),
  route({
    method: 'PATCH',
    path: '/attack-protection/suspicious-ip-throttling',
    summary: 'Update suspicious IP throttling settings',
    scopes: scopes.update,
    body: ipThrottlingEntrySchema,
    status: 200,
    response: suspicious_ip_throttling.unwrap(),
    answer: async ({ body }, stores) => {
      const changed = await changeStored(stores, (stored) => ({
        suspicious_ip_throttling: resolveIpThrottling(body, stored.suspicious_ip_throttling),
      }));
      return changed.suspicious_ip_throttling;
    },
  }),
];
