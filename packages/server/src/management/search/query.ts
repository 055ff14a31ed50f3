// What a search asks for: the part of Lucene's query syntax that Auth0 documents for users and logs (contract §3.5,
// §3.7), and its one spelling. parse.ts reads it; a subject's fields give it a meaning (condition.ts).

export type Query =
  /** `*` */
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Query[] }
  | { readonly kind: 'not'; readonly of: Query }
  /** `_exists_:field` */
  | { readonly kind: 'exists'; readonly field: string }
  /** Without a field: the term is looked for in several. */
  | { readonly kind: 'term'; readonly field: string | undefined; readonly value: Value };

export type Value =
  | { readonly kind: 'word' | 'phrase'; readonly text: string }
  /** What stands between the asterisks: `a*b` is a and b, `*a` is nothing and a. */
  | { readonly kind: 'wildcard'; readonly literals: readonly string[] }
  | { readonly kind: 'range'; readonly from: Bound | undefined; readonly to: Bound | undefined };

export interface Bound {
  readonly text: string;
  readonly inclusive: boolean;
}

/** The query as Lucene's syntax writes it: it parses back to the same. */
export function print(query: Query): string {
  switch (query.kind) {
    case 'all':
      return '*';
    case 'and':
      return query.of.map(operand).join(' AND ');
    case 'or':
      return query.of.map(operand).join(' OR ');
    case 'not':
      return `NOT ${operand(query.of)}`;
    case 'exists':
      return `_exists_:${word(query.field)}`;
    case 'term':
      return query.field === undefined
        ? printValue(query.value)
        : `${word(query.field)}:${printValue(query.value)}`;
  }
}

function operand(query: Query): string {
  const isOne = query.kind === 'all' || query.kind === 'exists' || query.kind === 'term';
  return isOne ? print(query) : `(${print(query)})`;
}

function printValue(value: Value): string {
  switch (value.kind) {
    case 'word':
      return word(value.text);
    case 'phrase':
      return `"${value.text.replace(/["\\]/g, '\\$&')}"`;
    case 'wildcard':
      return value.literals.map((literal) => escaped(literal)).join('*');
    case 'range': {
      const { from, to } = value;
      const opening = from?.inclusive === false ? '{' : '[';
      const closing = to?.inclusive === false ? '}' : ']';
      return `${opening}${from ? bound(from) : '*'} TO ${to ? bound(to) : '*'}${closing}`;
    }
  }
}

const bound = ({ text }: Bound) => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** What is an operator as it stands becomes a word by one escaped character. */
function word(text: string): string {
  return /^(?:AND|OR|NOT|TO|&&|\|\||_exists_)$/.test(text) ? `\\${text}` : escaped(text);
}

function escaped(text: string): string {
  return text.replace(/[\s+\-!(){}[\]^"~*:\\]/g, '\\$&');
}
