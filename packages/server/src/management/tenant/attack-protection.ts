// /attack-protection/… (contract AP-1 to AP-5, §3.7). Counters that are in a process's memory begin anew with other limits.
import {
  bruteForceProtectionEntrySchema,
  ipThrottlingEntrySchema,
  resolveBruteForceProtection,
  resolveIpThrottling,
} from '../../configuration/tenant/attack-protection.ts';
import { tenantSettingsSchema } from '../../model/tenant.ts';
import { settingsPartRoutes } from './settings-part.ts';

const { brute_force_protection, suspicious_ip_throttling } = tenantSettingsSchema.shape;

export const attackProtectionRoutes = [
  ...settingsPartRoutes({
    path: '/attack-protection/brute-force-protection',
    name: 'brute_force_protection',
    called: 'brute-force',
    scope: 'attack_protection',
    body: bruteForceProtectionEntrySchema,
    response: brute_force_protection.unwrap(),
    resolve: resolveBruteForceProtection,
  }),
  ...settingsPartRoutes({
    path: '/attack-protection/suspicious-ip-throttling',
    name: 'suspicious_ip_throttling',
    called: 'suspicious IP throttling',
    scope: 'attack_protection',
    body: ipThrottlingEntrySchema,
    response: suspicious_ip_throttling.unwrap(),
    resolve: resolveIpThrottling,
  }),
];
