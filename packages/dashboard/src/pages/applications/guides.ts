// What to write in each kind of application. Every line can be copied as it is.
import type { Client } from '../../api/types.ts';
import { domain, settings } from '../../settings.ts';

interface GuideStep {
  title: string;
  text?: string;
  code: string;
}

export interface Guide {
  label: string;
  /** What the settings have to list while one develops. */
  urls?: { callbacks: string; allowed_logout_urls: string; web_origins?: string };
  steps: readonly GuideStep[];
}

const issuer = settings.issuer.slice(0, -1);
/** The SDKs for browsers take http as well, if it is said. */
const browserDomain = issuer.startsWith('https:') ? domain : issuer;

export function guidesFor({ app_type, client_id }: Client): readonly Guide[] {
  if (app_type === 'spa') return [react(client_id), javaScript(client_id)];
  if (app_type === 'native') return [terminal(client_id), appAuth(client_id)];
  if (app_type === 'non_interactive') return [machine(client_id)];
  return [express(client_id), next(client_id), openId(client_id)];
}

const vite = 'http://localhost:5173';

function react(client_id: string): Guide {
  return {
    label: 'React',
    urls: { callbacks: vite, allowed_logout_urls: vite, web_origins: vite },
    steps: [
      { title: 'Install Auth0’s SDK', code: 'npm install @auth0/auth0-react' },
      {
        title: 'Wrap the application',
        code: `import { Auth0Provider } from '@auth0/auth0-react';

createRoot(document.getElementById('root')).render(
  <Auth0Provider
    domain="${browserDomain}"
    clientId="${client_id}"
    authorizationParams={{ redirect_uri: window.location.origin }}
    useRefreshTokens
  >
    <App />
  </Auth0Provider>,
);`,
      },
      {
        title: 'Log in and out',
        code: `import { useAuth0 } from '@auth0/auth0-react';

function Login() {
  const { isAuthenticated, user, loginWithRedirect, logout } = useAuth0();
  if (!isAuthenticated) return <button onClick={() => loginWithRedirect()}>Log in</button>;
  return (
    <button onClick={() => logout({ logoutParams: { returnTo: window.location.origin } })}>
      Log out {user.name}
    </button>
  );
}`,
      },
    ],
  };
}

function javaScript(client_id: string): Guide {
  return {
    label: 'JavaScript',
    urls: { callbacks: vite, allowed_logout_urls: vite, web_origins: vite },
    steps: [
      { title: 'Install Auth0’s SDK', code: 'npm install @auth0/auth0-spa-js' },
      {
        title: 'Log in',
        code: `import { createAuth0Client } from '@auth0/auth0-spa-js';

const auth0 = await createAuth0Client({
  domain: '${browserDomain}',
  clientId: '${client_id}',
  authorizationParams: { redirect_uri: window.location.origin },
  useRefreshTokens: true,
});

if (new URLSearchParams(location.search).has('code')) {
  await auth0.handleRedirectCallback();
  history.replaceState(null, '', '/');
}
if (!(await auth0.isAuthenticated())) await auth0.loginWithRedirect();
console.log(await auth0.getUser());`,
      },
    ],
  };
}

const server = 'http://localhost:3000';

function express(client_id: string): Guide {
  return {
    label: 'Express',
    urls: { callbacks: `${server}/callback`, allowed_logout_urls: server },
    steps: [
      { title: 'Install Auth0’s SDK', code: 'npm install express express-openid-connect' },
      {
        title: 'Ask for a login',
        text: 'Put the client secret into the environment variable CLIENT_SECRET.',
        code: `import express from 'express';
import { auth, requiresAuth } from 'express-openid-connect';

const app = express();
app.use(
  auth({
    issuerBaseURL: '${issuer}',
    clientID: '${client_id}',
    clientSecret: process.env.CLIENT_SECRET,
    baseURL: '${server}',
    secret: process.env.SESSION_SECRET,
    authorizationParams: { response_type: 'code' },
    authRequired: false,
  }),
);
app.get('/', requiresAuth(), (request, response) => response.send(request.oidc.user));
app.listen(3000);`,
      },
    ],
  };
}

function next(client_id: string): Guide {
  return {
    label: 'Next.js',
    urls: { callbacks: `${server}/auth/callback`, allowed_logout_urls: server },
    steps: [
      { title: 'Install Auth0’s SDK', code: 'npm install @auth0/nextjs-auth0' },
      {
        title: 'Fill in .env.local',
        code: `AUTH0_DOMAIN=${domain}
AUTH0_CLIENT_ID=${client_id}
AUTH0_CLIENT_SECRET=
AUTH0_SECRET=             # openssl rand -hex 32
APP_BASE_URL=${server}`,
      },
      {
        title: 'Write lib/auth0.ts and middleware.ts',
        code: `// lib/auth0.ts
import { Auth0Client } from '@auth0/nextjs-auth0/server';
export const auth0 = new Auth0Client();

// middleware.ts
import { auth0 } from './lib/auth0';
export const middleware = (request) => auth0.middleware(request);`,
      },
    ],
  };
}

function openId(client_id: string): Guide {
  return {
    label: 'Anything else',
    steps: [
      {
        title: 'Give these to its OpenID Connect library',
        text: 'Libraries find the rest by themselves, from the discovery document.',
        code: `Issuer         ${settings.issuer}
Discovery      ${settings.issuer}.well-known/openid-configuration
Client ID      ${client_id}
Response type  code
Scope          openid profile email`,
      },
    ],
  };
}

function terminal(client_id: string): Guide {
  const callback = 'http://127.0.0.1/callback';
  return {
    label: 'Terminal',
    urls: { callbacks: callback, allowed_logout_urls: 'http://127.0.0.1' },
    steps: [
      {
        title: 'Log in from a terminal',
        text: 'The browser opens, and the tokens are printed: a pattern for your own command.',
        code: `freehold login --issuer ${settings.issuer} --client-id ${client_id}`,
      },
    ],
  };
}

function appAuth(client_id: string): Guide {
  return {
    label: 'AppAuth',
    steps: [
      {
        title: 'Give these to AppAuth',
        text: 'For iOS, Android and macOS. Add the redirect URI to the callback URLs.',
        code: `Issuer        ${settings.issuer}
Client ID     ${client_id}
Redirect URI  com.example.app://callback
Scopes        openid profile email offline_access`,
      },
    ],
  };
}

function machine(client_id: string): Guide {
  return {
    label: 'curl',
    steps: [
      {
        title: 'Get a token',
        text: 'Choose on the tab APIs what it may call, and put the identifier of that API in.',
        code: `curl ${settings.issuer}oauth/token \\
  -d grant_type=client_credentials \\
  -d client_id=${client_id} \\
  -d client_secret="$CLIENT_SECRET" \\
  -d audience=https://api.example.com`,
      },
      {
        title: 'Call the API with it',
        code: `curl https://api.example.com/ \\
  -H "Authorization: Bearer $ACCESS_TOKEN"`,
      },
    ],
  };
}
