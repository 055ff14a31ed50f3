// /branding and /prompts (contract §3.7): how the hosted pages look. They obey a change at once (http/theme.ts).
import {
  brandingEntrySchema,
  promptsEntrySchema,
  resolveBranding,
  resolvePrompts,
} from '../../configuration/tenant/branding.ts';
import { brandingSchema, promptsSchema } from '../../model/branding.ts';
import { route } from '../route.ts';
import { changeStored, storedSettings } from './settings.ts';

export const brandingRoutes = [
  route({
    method: 'GET',
    path: '/branding',
    summary: 'Get branding settings',
    scopes: ['read:branding'],
    status: 200,
    response: brandingSchema.unwrap(),
    answer: async (_call, stores) => (await storedSettings(stores)).branding,
  }),
  route({
    method: 'PATCH',
    path: '/branding',
    summary: 'Update branding settings',
    scopes: ['update:branding'],
    body: brandingEntrySchema,
    status: 200,
    response: brandingSchema.unwrap(),
    answer: async ({ body }, stores) => {
      const change = await changeStored(stores, ({ branding }) => ({
        branding: resolveBranding(body, branding),
      }));
      return change.branding;
    },
  }),
  route({
    method: 'GET',
    path: '/prompts',
    summary: 'Get prompt settings',
    scopes: ['read:prompts'],
    status: 200,
    response: promptsSchema.unwrap(),
    answer: async (_call, stores) => (await storedSettings(stores)).prompts,
  }),
  route({
    method: 'PATCH',
    path: '/prompts',
    summary: 'Update prompt settings',
    scopes: ['update:prompts'],
    body: promptsEntrySchema,
    status: 200,
    response: promptsSchema.unwrap(),
    answer: async ({ body }, stores) => {
      const change = await changeStored(stores, ({ prompts }) => ({
        prompts: resolvePrompts(body, prompts),
      }));
      return change.prompts;
    },
  }),
];
