// A certified OpenID provider on loopback, for the tests of single sign-on.
//
//   node server.mjs '{"redirectUri": "https://…/callback"}'
//
// Prints one line of JSON, {"issuers": [...], "control": "http://…"}, when it listens. There are
// two providers, so that one can be taken for the other: the first gives scopes' claims at
// UserInfo alone, as the specification has it, the second in ID tokens, as many do. The control
// address takes POST /accounts {"<login>": {claims}} and POST /rotate: new signing keys.
// It ends when its standard input does.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const { redirectUri } = JSON.parse(process.argv[2]);
const accounts = new Map();

const CLIENTS = [
  ['trailkeeper', 'client_secret_basic', 'RS256'],
  ['client-ps256', 'client_secret_basic', 'PS256'],
  ['client-es256', 'client_secret_basic', 'ES256'],
  ['client-eddsa', 'client_secret_basic', 'EdDSA'],
].map(([client_id, token_endpoint_auth_method, id_token_signed_response_alg]) => ({
  client_id,
  // With characters that RFC 6749, 2.3.1 has encoded before they are joined.
  client_secret: 'a secret: 100% + / of it',
  redirect_uris: [redirectUri],
  response_types: ['code'],
  grant_types: ['authorization_code'],
  token_endpoint_auth_method,
  id_token_signed_response_alg,
}));

function newKeys() {
  const pairs = [
    ['rsa', { modulusLength: 2048 }],
    ['ec', { namedCurve: 'P-256' }],
    ['ed25519', {}],
  ];
  return pairs.map(([kind, options]) => ({
    ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }),
    kid: randomUUID(),
    use: 'sig',
  }));
}

function newProvider(issuer, { isPost, conformIdTokenClaims }) {
  const clients = isPost
    ? CLIENTS.map((each) => ({ ...each, token_endpoint_auth_method: 'client_secret_post' }))
    : CLIENTS;
  return new Provider(issuer, {
    clients,
    conformIdTokenClaims,
    jwks: { keys: newKeys() },
    cookies: { keys: [randomUUID()] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    clientAuthMethods: isPost ? ['client_secret_post'] : ['client_secret_basic'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    findAccount: (ctx, login) => ({
      accountId: login,
      claims: () => ({ sub: login, ...accounts.get(login) }),
    }),
  });
}

function listen(handler) {
  const server = createServer((request, response) => handler(request, response));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

const handlers = [null, null];
const issuers = await Promise.all(
  [0, 1].map((index) => listen((request, response) => handlers[index](request, response))),
);

function renewProviders() {
  issuers.forEach((issuer, index) => {
    const provider = newProvider(issuer, { isPost: index === 1, conformIdTokenClaims: index === 0 });
    handlers[index] = provider.callback();
  });
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const control = await listen(async (request, response) => {
  const body = await bodyOf(request);
  if (request.url === '/accounts') {
    for (const [login, claims] of Object.entries(JSON.parse(body))) accounts.set(login, claims);
  } else if (request.url === '/rotate') {
    renewProviders();
  } else {
    response.statusCode = 404;
  }
  response.end();
});

renewProviders();
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
console.log(JSON.stringify({ issuers, control }));
