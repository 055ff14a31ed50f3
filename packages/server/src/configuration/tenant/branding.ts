// What may be said of the pages: the file's `branding` and `prompts`, and the bodies of the Management API. `null` takes
// away what was set.
import { z } from 'zod';
import { type Branding, brandingSchema, type Prompts, promptsSchema } from '../../model/branding.ts';
import { filled } from '../../model/members.ts';
import { color, httpsUrl } from '../formats.ts';
import { said } from '../said.ts';

const gradient = z.strictObject({
  type: z.literal('linear-gradient'),
  start: color,
  end: color,
  angle_deg: z.number().min(-360).max(360),
});

export const brandingEntrySchema = z.strictObject({
  colors: filled(
    z.strictObject({
      primary: color.nullish(),
      page_background: z
        .union([color, gradient], { error: 'must be a colour, such as #0059d6, or a linear-gradient' })
        .nullish(),
    }),
  ).nullish(),
  favicon_url: httpsUrl.nullish(),
  logo_url: httpsUrl.nullish(),
  font: filled(z.strictObject({ url: httpsUrl.nullish() })).nullish(),
});
export type BrandingEntry = z.infer<typeof brandingEntrySchema>;

export const promptsEntrySchema = z.strictObject({
  universal_login_experience: z.enum(['new', 'classic']).optional(),
  identifier_first: z.boolean().nullish(),
  webauthn_platform_first_factor: z.boolean().nullish(),
});
export type PromptsEntry = z.infer<typeof promptsEntrySchema>;

export function resolveBranding(entry: BrandingEntry, stored: Branding = {}): Branding {
  return brandingSchema.parse(said({ ...stored, ...entry }));
}

export function resolvePrompts(entry: PromptsEntry, stored: Partial<Prompts> = {}): Prompts {
  return promptsSchema.parse(said({ ...stored, ...entry }));
}
