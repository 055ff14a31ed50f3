// What a JSON schema says, as a TypeScript type.

export type Schema = Readonly<Record<string, unknown>>;

const simple: Readonly<Record<string, string>> = {
  string: 'string',
  boolean: 'boolean',
  number: 'number',
  integer: 'number',
  null: 'null',
};

/** A member on each line, without indentation. */
export function typeOf(schema: Schema): string {
  const { const: only, enum: values, type, items, not } = schema;
  const among = schema.anyOf ?? schema.oneOf;
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(values)) return oneOf(values.map((value) => JSON.stringify(value)));
  if (Array.isArray(among)) return oneOf(among.map(typeOf));
  if (Array.isArray(type)) return oneOf(type.map((each) => typeOf({ ...schema, type: each })));
  if (not !== undefined) return 'never';
  if (type === 'array') return `(${typeOf(items as Schema)})[]`;
  if (type === 'object') return objectOf(schema);
  return simple[String(type)] ?? 'unknown';
}

function oneOf(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function objectOf({ properties = {}, required = [], additionalProperties = false }: Schema): string {
  const isRequired = (name: string) => (required as string[]).includes(name);
  const members = Object.entries(properties as Record<string, Schema>).map(
    ([name, member]) => `${JSON.stringify(name)}${isRequired(name) ? '' : '?'}: ${typeOf(member)};\n`,
  );
  if (additionalProperties !== false)
    members.push(`[name: string]: ${typeOf(additionalProperties as Schema)};\n`);
  return members.length === 0 ? 'Record<string, never>' : `{\n${members.join('')}}`;
}

export function indented(text: string): string {
  let depth = 0;
  const lines = text.split('\n').map((line) => {
    if (line.startsWith('}')) depth -= 1;
    const shifted = line === '' ? '' : '  '.repeat(depth) + line;
    if (line.endsWith('{')) depth += 1;
    return shifted;
  });
  return lines.join('\n');
}
