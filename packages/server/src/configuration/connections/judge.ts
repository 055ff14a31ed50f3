// What the options of a database say together that cannot be, in Auth0's words.
import type { Attributes } from '../../model/database-options.ts';

interface JudgedOptions {
  attributes?: Attributes | null;
  requires_username?: boolean | null;
  validation?: unknown;
  enabledDatabaseCustomization?: boolean | null | undefined;
  set_user_root_attributes?: unknown;
}

/** Undefined where nothing is wrong. */
export function judgeDatabaseOptions(options: JudgedOptions): string | undefined {
  if (options.set_user_root_attributes !== undefined && options.enabledDatabaseCustomization !== true)
    return 'options.set_user_root_attributes can be set only for enterprise connections, social connections or custom database connections (using external users store)';
  if (options.attributes == null) return undefined;
  if (options.requires_username === true)
    return 'Cannot set both options.attributes and options.requires_username';
  if (options.validation != null) return 'Cannot set both options.attributes and options.validation';
  return judgeAttributes(options.attributes);
}

function judgeAttributes(attributes: Attributes): string | undefined {
  const given = (['email', 'phone_number', 'username'] as const).filter(
    (name) => attributes[name] !== undefined,
  );
  for (const name of given) {
    const { profile_required, signup } = attributes[name] ?? {};
    if (profile_required === true && signup?.status !== undefined && signup.status !== 'required')
      return `attribute ${name} must also be required on signup`;
  }
  if (attributes.email?.unique === false && attributes.email.identifier?.active === true)
    return 'cannot set a non-unique email attribute as identifier';
  const active = given.some((name) => attributes[name]?.identifier?.active === true);
  return active ? undefined : 'attributes must contain one active identifier';
}
