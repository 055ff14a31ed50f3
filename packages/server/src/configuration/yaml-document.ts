// A YAML text as plain values, with the line of every path. Whatever the text is, what is wrong with it comes out as
// findings, never as an exception.
import { isNode, LineCounter, parseDocument } from 'yaml';
import { ConfigurationError, Findings, type Path } from './findings.ts';
import { findUnstorableText } from './unstorable-text.ts';

/** auth0-deploy-cli's keyword replacement; a line that is only a comment does not count. */
const replacementMarker = /(##|@@)([A-Za-z_][A-Za-z0-9_]*)\1/;

export function readYaml(text: string, file: string): { value: unknown; findings: Findings } {
  assertReplaced(text, file);
  const lines = new LineCounter();
  let lineOf: (path: Path) => number | undefined = () => undefined;
  const findings = new Findings(file, (path) => lineOf(path));
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
    // Place and kind alone: the parser's messages quote the file, where an unquoted secret may look like a tag.
    for (const { code, pos } of [...document.errors, ...document.warnings]) {
      const { line, col } = lines.linePos(pos[0]);
      const kind = code.toLowerCase().replaceAll('_', ' ');
      findings.problemAt(line, `cannot be read as YAML: ${kind} at column ${col}`);
    }
    findings.throwIfAny();
    lineOf = (path) => {
      for (let depth = path.length; depth > 0; depth--) {
        const node = document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
      }
      return undefined;
    };
    const value: unknown = document.toJS();
    findUnstorableText(value, findings);
    return { value, findings };
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    // The parser throws at what it gives up on: aliases without end, nesting without bottom.
    const reason =
      cause instanceof ReferenceError
        ? 'an alias (*name) has no anchor (&name) before it, or too many aliases refer to one another'
        : 'it is nested too deeply';
    throw new ConfigurationError(file, [
      { path: '', line: undefined, text: `cannot be read as YAML: ${reason}` },
    ]);
  }
}

/** Until its markers are replaced a file is not the file that it will be, so nothing else is said about it. */
function assertReplaced(text: string, file: string): void {
  const findings = new Findings(file);
  text.split(/\r\n|\r|\n/).forEach((line, index) => {
    const [marker] = (line.trimStart().startsWith('#') ? null : replacementMarker.exec(line)) ?? [];
    if (marker) findings.problemAt(index + 1, `${marker} must be replaced by its value first`);
  });
  findings.throwIfAny();
}
