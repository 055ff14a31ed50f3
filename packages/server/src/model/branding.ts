// How the pages look, and how they ask: Auth0's branding and prompt settings.
import { z } from 'zod';

const color = /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i;

/** `#rgb` or `#rrggbb`. */
export function isColor(text: string): boolean {
  return color.test(text);
}

export interface Gradient {
  type: 'linear-gradient';
  start: string;
  end: string;
  angle_deg: number;
}

/** What is not set is absent. */
export const brandingSchema = z
  .object({
    colors: z
      .object({
        primary: z.string().exactOptional(),
        page_background: z
          .union([
            z.string(),
            z.object({
              type: z.literal('linear-gradient'),
              start: z.string(),
              end: z.string(),
              angle_deg: z.number(),
            }),
          ])
          .exactOptional(),
      })
      .exactOptional(),
    logo_url: z.string().exactOptional(),
    favicon_url: z.string().exactOptional(),
    font: z.object({ url: z.string().exactOptional() }).exactOptional(),
  })
  .prefault({});
export type Branding = z.infer<typeof brandingSchema>;

/** UL-3: `identifier_first`. The others are kept and told: the pages have one look, and know no passkeys. */
export const promptsSchema = z
  .object({
    universal_login_experience: z.enum(['new', 'classic']).default('new'),
    identifier_first: z.boolean().default(false),
    webauthn_platform_first_factor: z.boolean().exactOptional(),
  })
  .prefault({});
export type Prompts = z.infer<typeof promptsSchema>;
