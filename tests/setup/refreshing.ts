// An application that refreshes, logged in once: each family that it asks for comes of its one session.
import { expect } from 'vitest';
import type { Agent } from './agent.ts';
import { getTokens, refreshRequest, type Tokens } from './flow.ts';
import type { Freehold } from './server.ts';

/** In the tests' words (refusalOf): nothing tells why a refresh token is not good. */
export const unknownToken = {
  status: 403,
  error: 'invalid_grant',
  error_description: 'Unknown or invalid refresh token.',
};

/** `opened`: what is there once the server has started. */
export function refreshing(opened: () => { freehold: Freehold; agent: Agent }) {
  async function family(client_id = 'spa', authorize: Record<string, string> = {}): Promise<Tokens> {
    const { freehold, agent } = opened();
    const scope = 'openid profile email offline_access';
    const { tokens } = await getTokens(freehold, {
      agent,
      authorize: { scope, client_id, ...authorize },
      token: { client_id },
    });
    return tokens;
  }

  function refresh(refresh_token: string | undefined, overrides: Record<string, string> = {}) {
    return opened().agent.postForm('/oauth/token', refreshRequest(refresh_token, overrides));
  }

  /** A refresh that must succeed. */
  async function renew(
    refresh_token: string | undefined,
    overrides: Record<string, string> = {},
  ): Promise<Tokens> {
    const answer = await refresh(refresh_token, overrides);
    expect([answer.status, answer.text.slice(0, 100)]).toEqual([200, expect.any(String)]);
    return JSON.parse(answer.text) as Tokens;
  }

  return { family, refresh, renew };
}
