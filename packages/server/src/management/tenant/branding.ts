// /branding and /prompts (contract §3.7): how the hosted pages look. They obey a change at once (http/theme.ts).
import {
  brandingEntrySchema,
  promptsEntrySchema,
  resolveBranding,
  resolvePrompts,
} from '../../configuration/tenant/branding.ts';
import { brandingSchema, promptsSchema } from '../../model/branding.ts';
import { filled } from '../../model/members.ts';
import { settingsPartRoutes } from './settings-part.ts';

export const brandingRoutes = [
  ...settingsPartRoutes({
    path: '/branding',
    name: 'branding',
    called: 'branding',
    scope: 'branding',
    body: filled(brandingEntrySchema),
    response: brandingSchema.unwrap(),
    resolve: resolveBranding,
  }),
  ...settingsPartRoutes({
    path: '/prompts',
    name: 'prompts',
    called: 'prompt',
    scope: 'prompts',
    body: filled(promptsEntrySchema),
    response: promptsSchema.unwrap(),
    resolve: resolvePrompts,
  }),
];
