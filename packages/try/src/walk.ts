// The flow itself, one method per step: each calls @freehold/client, shows what happened and says what comes next.
// It knows no markup beyond dom.ts and nothing of the server but its public endpoints.

import {
  type Callback,
  createCodeChallenge,
  createCodeVerifier,
  FreeholdClient,
  IdTokenInvalid,
  type Tokens,
} from '@freehold/client';
import { adviceFor } from './advice.ts';
import { type Begun, storeBegun, storeLogout } from './begun.ts';
import { type Content, definitions, element, folded, longValue, paragraph, subheading } from './dom.ts';
import { describeIdToken } from './id-token.ts';
import { type Exchange, Recorder } from './recorder.ts';
import type { StartOptions } from './start-form.ts';
import type { Timeline } from './timeline.ts';
import { claimWords, parameterWords, type StepName } from './words.ts';

export class Walk {
  readonly #timeline: Timeline;
  readonly #issuer: string;
  readonly #client_id: string;
  readonly #recorder = new Recorder();
  readonly #client: FreeholdClient;

  constructor(timeline: Timeline, issuer: string, client_id: string) {
    this.#timeline = timeline;
    this.#issuer = issuer;
    this.#client_id = client_id;
    this.#client = new FreeholdClient({
      issuer,
      client_id,
      redirect_uri: `${issuer}try/callback`,
      fetch: this.#recorder.fetch,
    });
  }

  /** Steps 1 to 3, up to the button that leaves this page. */
  async start({ scope, prompt, signUp, automatic }: StartOptions): Promise<void> {
    const verifier = createCodeVerifier();
    const challenge = await createCodeChallenge(verifier);
    this.#timeline.step('logout').show('waiting');
    await this.#run('request', async () => {
      const parameters = { scope, ...(prompt && { prompt }), ...(signUp && { screen_hint: 'signup' }) };
      const url = await this.#client.authorizationUrl(parameters, verifier);
      const begun = { verifier, challenge, authorization_url: url.href, automatic };
      storeBegun(begun);
      this.#showSecrets(begun);
      this.#timeline.finish('request', ...describeUrl(url));
      const leave = this.#timeline
        .step('request')
        .offer('Continue to the login page', () => location.assign(url));
      leave.focus();
      leave.scrollIntoView({ block: 'center' });
    });
  }

  /** Steps 1 to 3 as they were before the redirect. */
  showBegun(begun: Begun): void {
    const url = new URL(begun.authorization_url);
    this.#showSecrets(begun);
    this.#timeline.finish('request', folded('What was asked', describeUrl(url)));
  }

  #showSecrets({ verifier, challenge }: Begun): void {
    this.#timeline.finish('verifier', longValue(verifier));
    this.#timeline.finish('challenge', longValue(challenge));
  }

  /** Step 4, and then the rest: by itself or button by button. */
  async resume(callback: URL, automatic: boolean): Promise<void> {
    const received = describeParameters(callback.searchParams);
    const readCallback = async () => {
      const answer = await this.#client.readCallback(callback);
      this.#timeline.finish('callback', received);
      return answer;
    };
    const read = await this.#run('callback', readCallback, received);
    if (read === undefined) return;
    const exchange = () => this.#exchange(read, automatic);
    if (automatic) await exchange();
    else this.#offer('tokens', 'Exchange the code', exchange).focus();
  }

  /** Steps 5 and 6. */
  async #exchange(callback: Callback, automatic: boolean): Promise<void> {
    this.#timeline.step('tokens').withdraw();
    const tokens = await this.#run('tokens', () => this.#exchangeAndDescribe(callback));
    if (tokens === undefined) return;
    const userinfo = this.#offer('userinfo', 'Call /userinfo', () => this.#userinfo());
    this.#offer('refresh', 'Refresh', () => this.#refresh());
    this.#offer('silent', 'Silent authentication', () => this.#authenticateSilently());
    this.#offerLogout();
    if (!automatic) return userinfo.focus();
    await this.#userinfo();
    await this.#refresh();
    await this.#authenticateSilently();
  }

  /** A token response whose ID token fails a check is shown whole: step 5 is done, step 6 failed. */
  async #exchangeAndDescribe(callback: Callback): Promise<Tokens | undefined> {
    const { issuer, token_endpoint } = await this.#client.metadata();
    const expected = { issuer, client_id: this.#client_id, nonce: callback.transaction.nonce };
    const outcome = await this.#client.exchangeCode(callback).catch((error: unknown) => error);
    const exchange = this.#recorder.find(token_endpoint);
    const idToken = exchange?.response.id_token;
    if (exchange === undefined || typeof idToken !== 'string') throw outcome;
    this.#timeline.finish('tokens', ...describeExchange(token_endpoint, exchange));
    const { tokens } = this.#client;
    if (tokens === undefined) {
      const failed = { claim: outcome instanceof IdTokenInvalid ? outcome.claim : undefined };
      const contents = describeIdToken(idToken, expected, failed);
      this.#timeline.step('id_token').fail(adviceFor(outcome), ...contents);
    } else {
      this.#timeline.finish('id_token', ...describeIdToken(idToken, expected));
    }
    return tokens;
  }

  #userinfo(): Promise<unknown> {
    return this.#run('userinfo', async () => {
      const claims = await this.#client.userinfo();
      const { userinfo_endpoint = '' } = await this.#client.metadata();
      this.#timeline.finish(
        'userinfo',
        paragraph('GET ', longValue(userinfo_endpoint)),
        definitions(rowsOf(claims, claimWords)),
      );
    });
  }

  #refresh(): Promise<unknown> {
    if (this.#client.tokens?.refresh_token === undefined) {
      const reason = 'There is no refresh token: start again and ask for one.';
      this.#timeline.step('refresh').show('skipped', paragraph(reason));
      return Promise.resolve();
    }
    return this.#run('refresh', async () => {
      const before = this.#client.tokens?.refresh_token;
      const { refresh_token } = await this.#client.refresh();
      this.#timeline.finish(
        'refresh',
        paragraph(
          refresh_token === before
            ? 'New tokens; the refresh token stays.'
            : 'New tokens, and a new refresh token.',
        ),
        await this.#lastTokenExchange(),
      );
    });
  }

  #authenticateSilently(): Promise<unknown> {
    return this.#run('silent', async () => {
      const { claims } = await this.#client.authenticateSilently();
      this.#timeline.finish(
        'silent',
        paragraph(`The session at the server is alive: ${claims.sub} is still logged in.`),
        await this.#lastTokenExchange(),
      );
    });
  }

  #offerLogout(): void {
    const url = this.#client.logoutUrl({ returnTo: `${this.#issuer}try` });
    this.#timeline.step('logout').show('waiting', ...describeUrl(url));
    const leave = () => {
      storeLogout();
      location.assign(url);
    };
    this.#timeline.step('logout').offer('Log out', leave, 'secondary');
  }

  /** Step 10 as it is once the browser is back. */
  showLogout(): void {
    const back = 'The server has ended its session and sent the browser back here.';
    this.#timeline.finish('logout', paragraph(back));
  }

  #offer(name: StepName, label: string, act: () => Promise<unknown>): HTMLButtonElement {
    const step = this.#timeline.step(name);
    const offered = step.offer(label, async () => {
      offered.disabled = true;
      await act();
      offered.disabled = false;
      if (step.status !== 'failed') offered.focus();
    });
    return offered;
  }

  async #lastTokenExchange(): Promise<Content> {
    const { token_endpoint } = await this.#client.metadata();
    const exchange = this.#recorder.find(token_endpoint);
    return folded('Request and response', exchange ? describeExchange(token_endpoint, exchange) : []);
  }

  /** What `work` returns; `undefined` if it failed, which the step then shows. */
  async #run<Result>(
    name: StepName,
    work: () => Promise<Result>,
    ...contentsOfFailure: Content[]
  ): Promise<Result | undefined> {
    this.#timeline.step(name).show('running');
    try {
      return await work();
    } catch (error) {
      this.#timeline.step(name).fail(adviceFor(error), ...contentsOfFailure);
      return undefined;
    }
  }
}

function describeUrl(url: URL): Content[] {
  return [longValue(url.origin + url.pathname), describeParameters(url.searchParams)];
}

function describeParameters(parameters: URLSearchParams): HTMLElement {
  return definitions(rowsOf(Object.fromEntries(parameters), parameterWords));
}

function describeExchange(endpoint: string | undefined, { request, status, response }: Exchange): Content[] {
  return [
    subheading('Request'),
    paragraph('POST ', element('code', { class: 'value' }, endpoint ?? '')),
    describeParameters(request),
    subheading(`Response, status ${status}`),
    definitions(rowsOf(response, parameterWords)),
  ];
}

function rowsOf(values: Record<string, unknown>, words: Record<string, string>): [string, string, string][] {
  return Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
    words[name] ?? '',
  ]);
}
