// A factor that a user has (contract §3.5): kept for when people log in with them, and told to administrators.

export const factorTypes = ['phone', 'email', 'totp', 'webauthn-roaming', 'passkey'] as const;
export type FactorType = (typeof factorTypes)[number];

export interface AuthenticationMethod {
  /** `<type>|dev_` and 16 alphanumeric characters. */
  id: string;
  user_id: string;
  type: FactorType;
  name: string | null;
  described: FactorDescription;
  created_at: number;
}

/** What is known of the factor, by its type, under the names of the API. The secret of a `totp` is not among it. */
export interface FactorDescription {
  phone_number?: string | undefined;
  preferred_authentication_method?: 'voice' | 'sms' | undefined;
  email?: string | undefined;
  key_id?: string | undefined;
  public_key?: string | undefined;
  aaguid?: string | undefined;
  relying_party_identifier?: string | undefined;
  credential_device_type?: 'single_device' | 'multi_device' | undefined;
  credential_backed_up?: boolean | undefined;
  identity_user_id?: string | undefined;
  user_agent?: string | undefined;
  user_handle?: string | undefined;
  transports?: string[] | undefined;
}

/** Which of two factors of one type are the same one. */
export function factorKeyOf({ phone_number, email, key_id }: FactorDescription): string | undefined {
  return phone_number ?? email?.toLowerCase() ?? key_id;
}
