// What an organization is: contract row OR-1. Its login flows are not part of this server yet.
import { z } from 'zod';

/** Auth0's `strict-https-uri`. */
const httpsUrl = z
  .string()
  .max(2048)
  .refine((url) => /^https:\/\/[\x21-\x7e]+$/.test(url) && URL.canParse(url), 'must be an https:// URL');
/** Auth0's `html-color`. */
const colour = z.string().regex(/^#(?:[0-9A-Fa-f]{3}){1,2}$/, 'must be a colour such as #1f4fd8');

const mostMetadata = 25;
/** As it is written: a key whose value is null is left out. */
export const organizationMetadataSchema = z
  .record(z.string().max(255), z.string().max(255).nullable())
  .refine(
    (metadata) => Object.keys(metadata).length <= mostMetadata,
    `must have at most ${mostMetadata} keys`,
  );

export const organizationSchema = z.strictObject({
  id: z.string(),
  name: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]{0,49}$/,
      'must be 1 to 50 lower-case letters, digits, hyphens or underscores',
    ),
  display_name: z.string().min(1).max(255).nullable(),
  branding: z
    .strictObject({
      logo_url: httpsUrl.nullable().optional(),
      colors: z.strictObject({ primary: colour, page_background: colour }).optional(),
    })
    .nullable(),
  metadata: z.record(z.string(), z.string()),
  /** What Auth0 knows of an organization and this server has no use for. */
  unused: z.record(z.string(), z.unknown()),
  created_at: z.int(),
});
export type Organization = z.infer<typeof organizationSchema>;

export const organizationConnectionSchema = z.strictObject({
  organization_id: z.string(),
  connection_id: z.string(),
  /** What the organization calls it. */
  organization_connection_name: z.string().min(1).max(50).nullable(),
  /** OR-3: whoever logs in by it becomes a member. */
  assign_membership_on_login: z.boolean(),
  show_as_button: z.boolean(),
  is_signup_enabled: z.boolean(),
  is_enabled: z.boolean(),
  /** What Auth0 knows of it and this server has no use for. */
  unused: z.record(z.string(), z.unknown()),
});
export type OrganizationConnection = z.infer<typeof organizationConnectionSchema>;
