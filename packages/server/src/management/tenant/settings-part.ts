// A part of the tenant's settings that has an address of its own: read and changed as every other.
import type { z } from 'zod';
import type { TenantSettings } from '../../model/tenant.ts';
import { type Route, route } from '../route.ts';
import { changeStored, storedSettings } from './settings.ts';

interface SettingsPart<Name extends keyof TenantSettings, Body> {
  path: `/${string}`;
  name: Name;
  /** What the summaries call it. */
  called: string;
  /** Behind `read:` and `update:`. */
  scope: string;
  body: z.ZodType<Body>;
  response: z.ZodType<TenantSettings[Name]>;
  resolve(body: Body, stored: TenantSettings[Name]): TenantSettings[Name];
}

export function settingsPartRoutes<Name extends keyof TenantSettings, Body>({
  path,
  name,
  called,
  scope,
  body,
  response,
  resolve,
}: SettingsPart<Name, Body>): readonly Route[] {
  return [
    route({
      method: 'GET',
      path,
      summary: `Get ${called} settings`,
      scopes: [`read:${scope}`],
      status: 200,
      response,
      answer: async (_call, stores) => (await storedSettings(stores))[name],
    }),
    route({
      method: 'PATCH',
      path,
      summary: `Update ${called} settings`,
      scopes: [`update:${scope}`],
      body,
      status: 200,
      response,
      async answer({ body }, stores) {
        const settings = await changeStored(stores, (stored) => ({
          ...stored,
          [name]: resolve(body, stored[name]),
        }));
        return settings[name];
      },
    }),
  ];
}
