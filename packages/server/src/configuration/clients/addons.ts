// The addons of a client, each as Auth0 has it. None of them has an effect here.
import { z } from 'zod';
import { urlOrEmpty } from '../formats.ts';

const text = z.string();
const flag = z.boolean();
const whole = z.int();

/** Further members are Auth0's custom. */
function addon<Shape extends z.ZodRawShape>(members: Shape) {
  return z.looseObject(members).partial();
}

const salesforceApi = addon({
  clientid: text,
  principal: text,
  communityName: text,
  community_url_section: text,
});

const azureBlob = addon({
  accountName: text.regex(/^[a-z0-9]{3,24}$/),
  storageAccessKey: text.regex(/^[A-Za-z0-9+/]{86}==$/),
  containerName: text.regex(/^[a-z0-9][a-z0-9-]{2,62}$/),
  blobName: text.min(1).max(1024),
  expiration: whole.min(0),
  signedIdentifier: text,
  blob_read: flag,
  blob_write: flag,
  blob_delete: flag,
  container_read: flag,
  container_write: flag,
  container_delete: flag,
  container_list: flag,
});

const samlp = addon({
  mappings: z.record(text, z.unknown()),
  audience: text,
  recipient: text,
  createUpnClaim: flag,
  mapUnknownClaimsAsIs: flag,
  passthroughClaimsWithNoMapping: flag,
  mapIdentities: flag,
  signatureAlgorithm: text,
  digestAlgorithm: text,
  issuer: text,
  destination: text,
  lifetimeInSeconds: whole,
  signResponse: flag,
  nameIdentifierFormat: text,
  nameIdentifierProbes: z.array(text.min(1)),
  authnContextClassRef: text,
});

const sapApi = addon({
  clientid: text,
  usernameAttribute: text,
  tokenEndpointUrl: urlOrEmpty,
  scope: text,
  servicePassword: text,
  nameIdentifierFormat: text,
});

const layer = z.looseObject({
  providerId: text,
  keyId: text,
  privateKey: text,
  principal: text.optional(),
  expiration: whole.min(0).optional(),
});

const firebase = addon({
  secret: text,
  private_key_id: text,
  private_key: text,
  client_email: text,
  lifetime_in_seconds: whole,
});

export const addonsSchema = z
  .strictObject({
    aws: addon({ principal: text, role: text, lifetime_in_seconds: whole.min(900).max(43_200) }),
    azure_blob: azureBlob,
    azure_sb: addon({
      namespace: text,
      sasKeyName: text,
      sasKey: text,
      entityPath: text,
      expiration: whole,
    }),
    box: addon({}),
    cloudbees: addon({}),
    concur: addon({}),
    dropbox: addon({}),
    echosign: addon({ domain: text }),
    egnyte: addon({ domain: text }),
    firebase,
    layer,
    mscrm: z.looseObject({ url: urlOrEmpty }),
    newrelic: addon({ account: text }),
    oag: z.strictObject({}).nullable(),
    office365: addon({ domain: text, connection: text }),
    rms: z.looseObject({ url: urlOrEmpty }),
    salesforce: addon({ entity_id: urlOrEmpty }),
    salesforce_api: salesforceApi,
    salesforce_sandbox_api: salesforceApi,
    samlp,
    sap_api: sapApi,
    sentry: addon({ org_slug: text, base_url: urlOrEmpty }),
    sharepoint: addon({ url: urlOrEmpty, external_url: z.union([z.array(urlOrEmpty), urlOrEmpty]) }),
    slack: z.looseObject({ team: text }),
    springcm: addon({ acsurl: urlOrEmpty }),
    sso_integration: addon({ name: text, version: text }),
    wams: addon({ masterkey: text }),
    wsfed: addon({}),
    zendesk: addon({ accountName: text }),
    zoom: addon({ account: text }),
  })
  .partial();
