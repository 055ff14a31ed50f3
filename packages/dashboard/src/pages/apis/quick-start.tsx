import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { ResourceServer } from '../../api/types.ts';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Section } from '../../parts/section.tsx';
import { settings } from '../../settings.ts';

/** How an API accepts nothing but tokens that are for it. */
export function ApiQuickStart({ api: { identifier, signing_alg = 'RS256' } }: { api: ResourceServer }) {
  const [label, setLabel] = useState<keyof typeof guides>('Express');
  const { install, code } = guides[label](identifier, signing_alg);
  return (
    <>
      <SegmentedControl
        aria-label="Framework"
        mb="md"
        value={label}
        onChange={setLabel}
        data={Object.keys(guides) as (keyof typeof guides)[]}
      />
      <Section title="Install a library that checks tokens">
        <CodeBlock text={install} label="Copy: Install" />
      </Section>
      <Section
        title="Let in nobody without a token"
        text="It checks the signature, who has issued the token, that it is for this API, and that it has not expired."
      >
        <CodeBlock text={code} label="Copy: Let in nobody without a token" />
      </Section>
    </>
  );
}

const { issuer } = settings;

const guides = {
  Express: (identifier: string, alg: string) => ({
    install: 'npm install express express-oauth2-jwt-bearer',
    code: `import express from 'express';
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer';

const app = express();
app.use(
  auth({
    issuerBaseURL: '${issuer}',
    audience: '${identifier}',
    tokenSigningAlg: '${alg}',
  }),
);
app.get('/orders', requiredScopes('read:orders'), (request, response) => response.json([]));
app.listen(3001);`,
  }),
  'Node.js': (identifier: string, alg: string) => ({
    install: 'npm install jose',
    code: `import { createRemoteJWKSet, jwtVerify } from 'jose';

const keys = createRemoteJWKSet(new URL('${issuer}.well-known/jwks.json'));

export async function verify(token) {
  const { payload } = await jwtVerify(token, keys, {
    issuer: '${issuer}',
    audience: '${identifier}',
    algorithms: ['${alg}'],
  });
  return payload;
}`,
  }),
  Python: (identifier: string, alg: string) => ({
    install: 'pip install "pyjwt[crypto]"',
    code: `import jwt

keys = jwt.PyJWKClient("${issuer}.well-known/jwks.json")

def verify(token):
    return jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["${alg}"],
        audience="${identifier}",
        issuer="${issuer}",
    )`,
  }),
};
