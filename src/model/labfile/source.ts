import { type Document, isScalar, LineCounter, parseDocument, visit } from 'yaml';
import { messageOf } from '../../util/errors.ts';
import { offsetOf, startOf } from './positions.ts';
import { type Position, Problems } from './problems.ts';

/** A lab file as plain data, and a way back from the data to lines and columns. */
export interface Source {
  value: unknown;
  problems: Problems;
}

/** What a file of ours holds, for messages. */
export interface Content {
  shortest: string;
  one: string;
}

const aLab: Content = {
  shortest: 'the shortest lab is «name: web»',
  one: 'a lab file holds one lab',
};

/** @throws {LabFileError} when the text is empty, binary or no YAML, or more than one document. */
export function readYaml(text: string, file: string, content: Content = aLab): Source {
  refuseBinary(text, file);
  const lines = new LineCounter();
  const document = parse(text, file, lines);
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problems = new Problems(file, (path, at) => position(offsetOf(document, path, at)));
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const [token = ''] = text.slice(pos[0]).split(/[\s:]/, 1);
    problems.addAt(position(pos[0]), explain(code, message, token, content));
  }
  problems.throwIfAny();
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    problems.addAt({ line: 1, column: 1 }, `the file is empty; ${content.shortest}`);
  }
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      const wanted = `no anchor «&${alias.source}» precedes it`;
      problems.addAt(position(startOf(alias) ?? 0), `«*${alias.source}» refers to nothing; ${wanted}.`);
    },
  });
  problems.throwIfAny();
  return { value: toPlain(document, problems), problems };
}

/**
 * `file:line:column` of what a place such as `hooks.afterApply[0]` leads to.
 * @throws {LabFileError} when the text is no YAML.
 */
export function placeIn(text: string, file: string, place: string): string {
  const lines = new LineCounter();
  const document = parse(text, file, lines);
  const path = (place.match(/\w+/g) ?? []).map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const { line, col } = lines.linePos(offsetOf(document, path, 'value'));
  return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
}

function parse(text: string, file: string, lineCounter: LineCounter): Document.Parsed {
  try {
    // logLevel and prettyErrors: problems are shown by us, with our places.
    return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  } catch (error) {
    refuse(file, { line: 1, column: 1 }, `this YAML cannot be parsed: ${messageOf(error)}`);
    throw error;
  }
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

function explain(code: string, message: string, token: string, { one }: Content): string {
  if (code === 'MULTIPLE_DOCS') return `a second YAML document begins here; ${one}`;
  if (code === 'DUPLICATE_KEY') return `the key «${token}» is given twice; keep one of them`;
  if (code === 'TAB_AS_INDENT') return 'this line is indented with a tab; YAML requires spaces';
  return `not valid YAML: ${message}`;
}

/** A NUL, or the U+FFFD that stands for bytes that are no UTF-8, is in no text. */
function refuseBinary(text: string, file: string): void {
  const found = ['\0', '\ufffd'].map((character) => text.indexOf(character)).filter((index) => index >= 0);
  if (found.length === 0) return;
  const before = text.slice(0, Math.min(...found)).split('\n');
  const position = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  refuse(file, position, 'this is a binary file, not YAML text');
}

function refuse(file: string, position: Position, message: string): void {
  const problems = new Problems(file, () => position);
  problems.add([], message);
  problems.throwIfAny();
}
