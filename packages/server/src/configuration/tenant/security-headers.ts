// What Auth0 lets a tenant say of the headers of its pages. Ours have a policy of their own: it is kept and has no effect.
import { z } from 'zod';
import { atMost } from '../../model/members.ts';

const policy = z.strictObject({
  mode: z.enum(['enforcing', 'reporting']).optional(),
  directives: atMost(30, z.record(z.string(), z.array(z.string().max(2048)))).optional(),
  flags: z.array(z.enum(['upgrade-insecure-requests', 'block-all-mixed-content'])).optional(),
  reporting: z
    .strictObject({ report_uri: z.string().optional(), report_to_group: z.string().optional() })
    .nullish(),
});

const reporting = z.strictObject({
  report_to: z
    .strictObject({
      group: z.string().optional(),
      max_age: z.int().optional(),
      endpoints: z.array(z.strictObject({ url: z.string().optional() })).optional(),
    })
    .nullish(),
  reporting_endpoints: z.record(z.string(), z.string()).optional(),
});

export const securityHeadersSchema = z.strictObject({
  content_security_policy: z
    .strictObject({
      enabled: z.boolean().optional(),
      policies: z.array(policy).optional(),
      reporting_infrastructure: reporting.nullish(),
    })
    .nullish(),
  x_xss_protection: z
    .strictObject({
      enabled: z.boolean().optional(),
      mode: z.literal('block').optional(),
      report_uri: z.string().optional(),
    })
    .nullish(),
});
