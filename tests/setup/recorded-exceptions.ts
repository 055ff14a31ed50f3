// Where this server answers otherwise than Auth0 was recorded to, and why.

export interface RecordedException {
  /** `POST /clients`; anywhere, if it is left out. */
  operation?: string;
  /** Of the difference, as recordings.ts words it. */
  difference: RegExp;
  why: string;
}

export const recordedExceptions: RecordedException[] = [
  {
    operation: 'POST /users/{id}/identities',
    difference: /^\/0\/profileData\//,
    why: 'the recorded user had said more of themselves',
  },
  {
    operation: 'POST /clients',
    difference: /^\/cross_origin_auth is missing/,
    why: 'the older name of cross_origin_authentication, which later recordings have instead',
  },
  {
    operation: 'POST /clients',
    difference:
      /^\/oidc_conformant is false|^\/(?:organization_usage|organization_require_behavior|client_authentication_methods|async_approval_notification_channels) is missing/,
    why: 'nothing is particular to a client of the type express_configuration',
  },
  {
    operation: 'POST /clients',
    difference:
      /^\/client_authentication_methods\/self_signed_tls_client_auth\/credentials\/0\/expires_at is missing/,
    why: "a certificate's own end counts where parse_expiry_from_cert asks for it",
  },
  {
    operation: 'POST /keys/signing/rotate',
    difference: /^\/previous is false/,
    why: 'the recorded key is the current and the previous one at once; §3.7 has the next one answered',
  },
  {
    operation: 'POST /roles',
    difference:
      /^status 400, recorded 200: .*No enum match for: organization|^\/(?:id|name|description|type|owner_id) is missing/,
    why: 'roles of an organization of its own are not among the operations that are served',
  },
  {
    operation: 'POST /connections',
    difference:
      /^\/options\/(?:oidc_metadata|signInEndpoint|app_domain) is missing|^\/options\/(?:userinfo|token)_endpoint is null/,
    why: 'nothing is fetched from other identity providers before anybody can log in by them',
  },
  {
    operation: 'POST /connections',
    difference: /^\/provisioning_ticket_url is missing/,
    why: 'other identity providers are not set up by a page of ours',
  },
  {
    operation: 'POST /resource-servers',
    difference:
      /recorded (?:600|true)$|^\/(?:is_system|proof_of_possession|subject_type_authorization) is missing/,
    why: 'recorded of an API of Auth0’s own, made by its identifier alone',
  },
  {
    operation: 'DELETE /connections/{id}',
    difference: /^status 202, recorded 204/,
    why: 'recorded: nearly always 202 (§1.3)',
  },
];
