// Which options are secrets. They are sealed at rest, apart from the others, and whoever replaces options without one of
// them keeps it: who may not read a secret would otherwise lose it by changing something else.

type Members = Record<string, unknown>;

/** By the option, and the member of it. */
const secretMembers: readonly (readonly [string, string])[] = [
  ['gateway_authentication', 'secret'],
  ['signing_key', 'key'],
  ['decryptionKey', 'key'],
];
/** Whole, whatever kind they are of. */
const secretOptions = new Set(['configuration', 'customHeaders', 'decryptionKey']);
/** What a text is called that is one, in options that we do not know. */
const secretName = /(?:secret|token|password|key)$/i;

/** Option, or option and member with a dot between, to the value. */
export type OptionSecrets = Readonly<Record<string, unknown>>;

function isSecret(name: string, value: unknown): boolean {
  if (value === null) return false;
  return secretOptions.has(name) || (typeof value === 'string' && secretName.test(name));
}

/** The options without their secrets, and these. */
export function splitSecrets<Options extends Members>(
  options: Options,
): { options: Options; secrets: OptionSecrets } {
  const secrets: Members = {};
  const others: Members = {};
  for (const [name, value] of Object.entries(options)) {
    if (isSecret(name, value)) secrets[name] = value;
    else others[name] = withoutMember(name, value, secrets);
  }
  return { options: others as Options, secrets };
}

function withoutMember(name: string, value: unknown, secrets: Members): unknown {
  if (!isMembers(value)) return value;
  const left = { ...value };
  for (const [option, member] of secretMembers) {
    if (option !== name || !Object.hasOwn(left, member) || left[member] === null) continue;
    secrets[`${option}.${member}`] = left[member];
    delete left[member];
  }
  return left;
}

/** `given` options may leave out a secret that is stored: it stays. Null takes it away. */
export function keptSecrets(given: Members, stored: OptionSecrets): OptionSecrets {
  return Object.fromEntries(
    Object.entries(stored).filter(([place]) => {
      const [option = '', member] = place.split('.');
      if (member === undefined) return given[option] === undefined;
      const parent = given[option];
      return isMembers(parent) && parent[member] === undefined;
    }),
  );
}

export function joinSecrets(options: Members, secrets: OptionSecrets): Members {
  const joined: Members = { ...options };
  for (const [place, secret] of Object.entries(secrets)) {
    const [option = '', member] = place.split('.');
    if (member === undefined) joined[option] = secret;
    else joined[option] = { ...(isMembers(joined[option]) ? joined[option] : {}), [member]: secret };
  }
  return joined;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
