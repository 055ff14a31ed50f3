// The four kinds of applications, and what each is asked for at first.
import { IconBrowser, IconDeviceMobile, IconRobot, IconServer } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { AppType, Client } from '../../api/types.ts';

interface AppTypeWords {
  label: string;
  text: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
}

export const appTypes: Readonly<Record<AppType, AppTypeWords>> = {
  spa: {
    label: 'Single-page application',
    text: 'JavaScript in the browser: React, Vue, Angular, Svelte.',
    icon: IconBrowser,
  },
  regular_web: {
    label: 'Regular web application',
    text: 'Pages made by a server: Express, Next.js, Rails, Django.',
    icon: IconServer,
  },
  native: {
    label: 'Native application',
    text: 'On a phone, a desktop, a television or in a terminal.',
    icon: IconDeviceMobile,
  },
  non_interactive: {
    label: 'Machine to machine',
    text: 'A script, a job or a service that acts for itself.',
    icon: IconRobot,
  },
};

export const appTypeNames = Object.keys(appTypes) as AppType[];

export function wordsOf({ app_type }: Pick<Client, 'app_type'>): AppTypeWords {
  const known = appTypeNames.find((name) => name === app_type);
  return known === undefined ? { label: 'Application', text: '', icon: IconBrowser } : appTypes[known];
}

/** What a new application of the kind says of itself, beside its name. */
export function newClient(name: string, app_type: AppType): Partial<Client> {
  const common: Partial<Client> = {
    name,
    app_type,
    oidc_conformant: true,
    is_first_party: true,
    jwt_configuration: { alg: 'RS256', lifetime_in_seconds: 36_000 },
  };
  if (app_type === 'spa' || app_type === 'native') {
    return {
      ...common,
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      refresh_token: {
        rotation_type: 'rotating',
        expiration_type: 'expiring',
        leeway: 0,
        token_lifetime: 2_592_000,
        idle_token_lifetime: 1_296_000,
        infinite_token_lifetime: false,
        infinite_idle_token_lifetime: false,
      },
    };
  }
  return {
    ...common,
    token_endpoint_auth_method: 'client_secret_post',
    grant_types:
      app_type === 'non_interactive' ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
  };
}
