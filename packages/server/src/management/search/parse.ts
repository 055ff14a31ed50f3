// Reads a search: terms and phrases, `field:value`, `field:(a OR b)`, wildcards, ranges, `_exists_`, AND, OR, NOT and
// their signs, parentheses, escapes. Bounded in length, depth and number of terms: it comes from outside.
//
//   sequence    = disjunction { disjunction }            without an operator: any of them, as + and - say
//   disjunction = conjunction { (OR | "||") conjunction }
//   conjunction = clause { (AND | "&&") clause }
//   clause      = { NOT | "!" | "-" | "+" } ( "(" sequence ")" | [ field ":" ] value | field ":" "(" sequence ")" )
import type { Bound, Query, Value } from './query.ts';

/** Characters. */
export const longestQuery = 8000;
const mostTerms = 256;
const deepest = 20;

/** The search cannot be understood; the message says why, in words for whoever wrote it. */
export class MalformedQuery extends Error {
  override readonly name = 'MalformedQuery';
}

/** Throws MalformedQuery, and nothing else. */
export function parseQuery(text: string): Query {
  if (text.length > longestQuery) throw new MalformedQuery(`longer than ${longestQuery} characters`);
  if (text.trim() === '') return { kind: 'all' };
  return new Parser(text).parse();
}

type Sign = '+' | '-' | '';
/** A conjunct or disjunct, and the sign before it: what it means depends on what stands beside it. */
interface Signed {
  readonly sign: Sign;
  readonly query: Query;
}

class Parser {
  readonly #text: string;
  #at = 0;
  #terms = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Query {
    const query = this.#sequence(undefined);
    if (this.#at < this.#text.length) throw this.#unexpected();
    return query;
  }

  #sequence(field: string | undefined): Query {
    if (++this.#depth > deepest) throw new MalformedQuery(`more than ${deepest} groups within each other`);
    const parts: Signed[] = [];
    do parts.push(this.#disjunction(field));
    while (!this.#isAtEnd());
    this.#depth--;
    return combined(parts);
  }

  #disjunction(field: string | undefined): Signed {
    return this.#joined('or', /(?:OR(?![^\s()])|\|\|)/y, () => this.#conjunction(field));
  }

  #conjunction(field: string | undefined): Signed {
    return this.#joined('and', /(?:AND(?![^\s()])|&&)/y, () => this.#clause(field));
  }

  #joined(kind: 'and' | 'or', operator: RegExp, next: () => Signed): Signed {
    const first = next();
    const of = [first];
    while (this.#skip(operator)) of.push(next());
    return of.length === 1 ? first : { sign: '', query: { kind, of: of.map(unsigned) } };
  }

  #clause(field: string | undefined): Signed {
    let sign: Sign = '';
    for (;;) {
      if (this.#skip(/(?:NOT(?![^\s()])|[!-])/y)) sign = sign === '-' ? '' : '-';
      else if (this.#skip(/\+/y)) sign = sign === '-' ? '-' : '+';
      else return { sign, query: this.#primary(field) };
    }
  }

  #primary(field: string | undefined): Query {
    if (this.#skip(/\(/y)) return this.#group(field);
    if (this.#isAtEnd()) throw new MalformedQuery('a term is missing at the end');
    if (this.#skip(/(?:(?:AND|OR)(?![^\s()])|&&|\|\|)/y))
      throw new MalformedQuery('a term is missing before an operator');
    const named = this.#fieldName();
    if (named === '_exists_') return this.#exists();
    if (named !== undefined && this.#skip(/\(/y)) return this.#group(named);
    const value = this.#value();
    const of = named ?? field;
    if (of === '*' || of === undefined) {
      if (value.kind === 'wildcard' && value.literals.every((literal) => literal === ''))
        return { kind: 'all' };
    }
    return { kind: 'term', field: of, value };
  }

  #group(field: string | undefined): Query {
    const query = this.#sequence(field);
    if (!this.#skip(/\)/y)) throw this.#unexpected();
    return query;
  }

  #exists(): Query {
    this.#countTerm();
    const field = this.#skip(/"/y) ? this.#quoted() : this.#word(/[^\s()"]/y).text;
    if (field === '') throw new MalformedQuery('_exists_ names no field');
    return { kind: 'exists', field };
  }

  /** A word with a colon behind it; otherwise nothing is read. */
  #fieldName(): string | undefined {
    this.#skipSpace();
    const start = this.#at;
    const { text, literals } = this.#word(/[^\s()"[\]{}:]/y);
    if (text !== '' && this.#text[this.#at] === ':') {
      this.#at++;
      return literals.length > 1 ? '*' : text;
    }
    this.#at = start;
    return undefined;
  }

  #value(): Value {
    this.#countTerm();
    if (this.#skip(/"/y)) return { kind: 'phrase', text: this.#quoted() };
    if (this.#skip(/[[{]/y)) return this.#range(this.#text[this.#at - 1] === '[');
    const { text, literals } = this.#word(/[^\s()"]/y);
    if (literals.length > 1) return { kind: 'wildcard', literals };
    if (text === '') throw this.#unexpected();
    return { kind: 'word', text };
  }

  #range(fromInclusive: boolean): Value {
    const from = this.#bound(fromInclusive);
    if (!this.#skip(/TO\b/y)) throw new MalformedQuery('a range is written [from TO to]');
    const to = this.#bound(true);
    if (!this.#skip(/[\]}]/y)) throw new MalformedQuery('a range is not closed');
    const toInclusive = this.#text[this.#at - 1] === ']';
    return { kind: 'range', from, to: to && { ...to, inclusive: toInclusive } };
  }

  #bound(inclusive: boolean): Bound | undefined {
    if (this.#skip(/"/y)) return { text: this.#quoted(), inclusive };
    this.#skipSpace();
    const { text, literals } = this.#word(/[^\s()"[\]{}]/y);
    if (literals.length === 2 && literals.every((literal) => literal === '')) return undefined;
    if (literals.length > 1 || text === '') throw new MalformedQuery('a range is written [from TO to]');
    return { text, inclusive };
  }

  /** Behind the opening quotation mark. */
  #quoted(): string {
    const content = /(?:[^"\\]|\\[\s\S])*/y;
    content.lastIndex = this.#at;
    const [found = ''] = content.exec(this.#text) ?? [];
    this.#at += found.length;
    if (this.#text[this.#at] !== '"') throw new MalformedQuery('a quotation mark is not closed');
    this.#at++;
    if (/[^\s()\]}]/.test(this.#text[this.#at] ?? ' ')) throw this.#unexpected();
    return found.replace(/\\([\s\S])/g, '$1');
  }

  /** The characters of that kind, escaped ones and asterisks; the text between the asterisks that are not escaped. */
  #word(character: RegExp): { text: string; literals: string[] } {
    const literals: string[] = [];
    let literal = '';
    for (;;) {
      character.lastIndex = this.#at;
      const [found] = character.exec(this.#text) ?? [];
      if (found === undefined) break;
      this.#at++;
      if (found === '*') {
        literals.push(literal);
        literal = '';
      } else {
        literal += found === '\\' ? this.#escaped() : found;
      }
    }
    literals.push(literal);
    return { text: literals.join('*'), literals };
  }

  /** Behind the backslash. */
  #escaped(): string {
    const found = this.#text[this.#at++];
    if (found === undefined) throw new MalformedQuery('nothing is escaped at the end');
    return found;
  }

  #countTerm(): void {
    if (++this.#terms > mostTerms) throw new MalformedQuery(`more than ${mostTerms} terms`);
  }

  /** Whether the text matches here, after white space, and goes on behind it. */
  #skip(token: RegExp): boolean {
    this.#skipSpace();
    token.lastIndex = this.#at;
    const [found] = token.exec(this.#text) ?? [];
    if (found === undefined) return false;
    this.#at += found.length;
    return true;
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #isAtEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#text.length || this.#text[this.#at] === ')';
  }

  #unexpected(): MalformedQuery {
    const found = this.#text[this.#at];
    return new MalformedQuery(
      found === undefined ? 'it ends too early' : `unexpected ${found} at ${this.#at + 1}`,
    );
  }
}

function unsigned({ sign, query }: Signed): Query {
  return sign === '-' ? { kind: 'not', of: query } : query;
}

/** Lucene's rule: all with +, none with -, and where nothing has +, any of the rest. */
function combined(parts: readonly Signed[]): Query {
  const withSign = (wanted: Sign) => parts.filter(({ sign }) => sign === wanted);
  const required = withSign('+').map(unsigned);
  const optional = withSign('').map(unsigned);
  const any = required.length === 0 && optional.length > 0 ? [joined('or', optional)] : [];
  return joined('and', [...required, ...any, ...withSign('-').map(unsigned)]);
}

function joined(kind: 'and' | 'or', of: readonly Query[]): Query {
  const [first, second] = of;
  return first !== undefined && second === undefined ? first : { kind, of };
}
