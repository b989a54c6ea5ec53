import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { messageOf } from '../../util/errors.ts';
import { type Path, type Position, Problems } from './problems.ts';

/** A lab file as plain data, and a way back from the data to lines and columns. */
export interface Source {
  value: unknown;
  problems: Problems;
}

/** @throws {LabFileError} when the text is empty, binary or no YAML, or more than one document. */
export function readYaml(text: string, file: string): Source {
  const lines = new LineCounter();
  // logLevel and prettyErrors: problems are shown by us, with our places.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = new Problems(file, (path, at) => position(offsetOf(document, path, at)));

  const binary = findBinary(text);
  if (binary !== undefined) {
    problems.addAt(position(binary), 'this is a binary file, not YAML text');
    problems.throwIfAny();
  }
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    problems.addAt(position(pos[0]), explain(code, message, text.slice(pos[0]).split(/[\s:]/, 1)[0] ?? ''));
  }
  problems.throwIfAny();
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    problems.addAt({ line: 1, column: 1 }, 'the file is empty; the shortest lab is «name: web»');
  }
  problems.throwIfAny();
  return { value: toPlain(document, problems), problems };
}

function toPlain(document: Document, problems: Problems): unknown {
  try {
    return document.toJS();
  } catch (error) {
    problems.add([], `the aliases (*name) in this file cannot be followed: ${messageOf(error)}`);
    problems.throwIfAny();
    throw error;
  }
}

function explain(code: string, message: string, token: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second YAML document begins here; a lab file holds one lab';
  if (code === 'DUPLICATE_KEY') return `the key «${token}» is given a second time; keep one of them`;
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line; YAML wants spaces';
  return `not valid YAML: ${message}`;
}

/** Offset of the first NUL, or of the U+FFFD that stands for bytes that are no UTF-8. */
function findBinary(text: string): number | undefined {
  const found = ['\0', '\ufffd'].map((character) => text.indexOf(character)).filter((index) => index >= 0);
  return found.length > 0 ? Math.min(...found) : undefined;
}

/** Follows the path as far as the file goes; a default that nobody wrote leads to what encloses it. */
function offsetOf(document: Document.Parsed, path: Path, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    let next: unknown;
    let key: unknown;
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => String(isScalar(item.key) ? item.key.value : item.key) === String(step),
      );
      key = pair?.key;
      next = pair?.value;
    } else if (isSeq(node) && typeof step === 'number') {
      next = node.items[step];
    }
    if (next === undefined && key === undefined) break;
    const wantKey = at === 'key' && depth === path.length - 1;
    offset = (wantKey ? startOf(key) : undefined) ?? startOf(next) ?? startOf(key) ?? offset;
    node = next;
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  return range?.[0];
}
