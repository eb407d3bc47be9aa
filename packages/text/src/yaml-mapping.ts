// Our key in a piece of YAML, found without expanding an alias and without writing YAML anew.
import { type Document, isAlias, isMap, isScalar, type Node, type Pair, parseDocument, visit, type YAMLMap } from 'yaml';

/** More entries under our key than this are an attack. */
const MOST_ENTRIES = 16;

/** Our key with its value; lines count from the first line of the piece. */
export interface YamlEntry {
  readonly firstLine: number;
  /** The line behind the last one of the value. */
  readonly endLine: number;
  /** A string as it is meant; anything else as it stands in the file. */
  readonly value: string;
  /** Where the value is a mapping that says every field once. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** Whether it can be taken out by whole lines without anything else losing its meaning. */
  readonly isRemovable: boolean;
  /** `undecodable` values hold aliases; `duplicate_structure` values say a field twice. */
  readonly anomaly: 'undecodable' | 'duplicate_structure' | undefined;
}

/** What a piece of YAML is. */
export type YamlPiece =
  | { readonly kind: 'damaged' }
  /** Well-formed, but no mapping: prose between two thematic breaks, for one. */
  | { readonly kind: 'other' }
  | {
      readonly kind: 'mapping';
      readonly entries: readonly YamlEntry[];
      /** Keys beside ours. */
      readonly foreignKeys: number;
      /** Columns before each key; `undefined` where lines of ours cannot stand before the first key (flow style, a tag or an anchor on the whole). */
      readonly indent: number | undefined;
    };

/** Reads a piece of YAML of bounded size; an empty one is a mapping without keys. */
export const yamlPieceOf = (text: string): YamlPiece => {
  if (isDeep(text)) {
    return { kind: 'damaged' };
  }
  let document: Document.Parsed;
  try {
    // Twice the same foreign key is not our concern. Nothing is expanded: only nodes are looked at.
    document = parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', version: '1.2', schema: 'core', merge: false });
  } catch {
    return { kind: 'damaged' };
  }
  const { contents } = document;
  if (document.errors.length > 0) {
    return { kind: 'damaged' };
  }
  if (contents === null || (isScalar(contents) && contents.source === '' && contents.tag === undefined && contents.anchor === undefined)) {
    return { kind: 'mapping', entries: [], foreignKeys: 0, indent: 0 };
  }
  return isMap(contents) ? mappingOf(document, contents, text) : { kind: 'other' };
};

/** The composer of the library recurs. Counted before it runs, strings and comments not told apart: nobody nests like this. */
const DEEPEST = 256;

const isDeep = (text: string): boolean => {
  let depth = 0;
  for (const [mark] of text.matchAll(/[[\]{}]/g)) {
    depth = mark === '[' || mark === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST) {
      return true;
    }
  }
  return /(?:[-?:] ){256}/.test(text) || /^ {1024}/m.test(text);
};

const mappingOf = (document: Document.Parsed, map: YAMLMap, text: string): YamlPiece => {
  const lineAt = lineCounter(text);
  const ours = map.items.filter(isOurs);
  const isFlow = map.flow === true;
  const isPlain = !isFlow && map.tag === undefined && map.anchor === undefined;
  const start = startOf(map.items[0]);
  return {
    kind: 'mapping',
    entries: ours.slice(0, MOST_ENTRIES).map((pair) => entryOf(document, pair, text, lineAt, isFlow)),
    foreignKeys: map.items.length - ours.length,
    indent: isPlain && ours.length <= MOST_ENTRIES && start !== undefined ? indentBefore(text, start) : undefined,
  };
};

/** Our key; spelt in other letters only where a label stands behind it: `aigc: true` is somebody's own flag. */
const isOurs = ({ key, value }: Pair): boolean => {
  const name = isScalar(key) ? key.value : undefined;
  const isLabel = isMap(value) || (isScalar(value) && typeof value.value === 'string' && /^\s*\{/.test(value.value));
  return name === 'AIGC' || (typeof name === 'string' && name.toUpperCase() === 'AIGC' && isLabel);
};

const entryOf = (document: Document.Parsed, pair: Pair, text: string, lineAt: (offset: number) => number, isFlow: boolean): YamlEntry => {
  const key = pair.key as Node;
  const value = pair.value as Node | null;
  const from = key.range?.[0] ?? 0;
  const valueFrom = value?.range?.[0] ?? key.range?.[1] ?? from;
  const raw = text.slice(valueFrom, Math.max(valueFrom, value?.range?.[1] ?? valueFrom)).trimEnd();
  const until = Math.max(key.range?.[1] ?? from, valueFrom + raw.length);
  const { fields, anomaly } = fieldsOf(document, value);
  const prefix = text.slice(lineStart(text, from), from).trim();
  return {
    firstLine: lineAt(from),
    endLine: lineAt(Math.max(from, until - 1)) + 1,
    value: isScalar(value) && typeof value.value === 'string' ? value.value : raw,
    fields,
    isRemovable: !isFlow && (prefix === '' || prefix === '?') && !hasAnchor(pair),
    anomaly,
  };
};

/** Values as they stood; a number that JavaScript would write otherwise (leading zeros, 18 digits) stays text. */
const fieldsOf = (document: Document.Parsed, value: Node | null): Pick<YamlEntry, 'fields' | 'anomaly'> => {
  if (isAlias(value)) {
    return { fields: undefined, anomaly: 'undecodable' };
  }
  if (!isMap(value)) {
    return { fields: undefined, anomaly: undefined };
  }
  try {
    const fields = value.items.map(({ key, value: field }): [string, unknown] => [
      isScalar(key) ? String(key.value) : String(key),
      isScalar(field) ? scalarOf(field.value, field.source) : ((field as Node | null)?.toJS(document, { maxAliasCount: 0 }) ?? null),
    ]);
    const isTwice = new Set(fields.map(([name]) => name)).size < fields.length;
    // An object would keep the last in silence, and other readers take the first: then there are no fields, only the text.
    return isTwice ? { fields: undefined, anomaly: 'duplicate_structure' } : { fields: Object.fromEntries(fields), anomaly: undefined };
  } catch {
    return { fields: undefined, anomaly: 'undecodable' };
  }
};

const scalarOf = (value: unknown, source: string | undefined): unknown =>
  typeof value === 'number' && source !== undefined && (String(value) !== source || Math.abs(value) > Number.MAX_SAFE_INTEGER) ? source : value;

const hasAnchor = (pair: Pair): boolean => {
  let found = false;
  for (const node of [pair.key, pair.value]) {
    visit(node as Node | null, {
      Node: (_key, inner) => {
        if ('anchor' in inner && inner.anchor !== undefined) {
          found = true;
          return visit.BREAK;
        }
        return undefined;
      },
    });
  }
  return found;
};

const startOf = (pair: Pair | undefined): number | undefined => (pair?.key as Node | undefined)?.range?.[0];

/** Spaces before the line of the key; an anchor may stand between. */
const indentBefore = (text: string, offset: number): number => {
  const prefix = text.slice(lineStart(text, offset), offset);
  return prefix.length - prefix.trimStart().length;
};

const lineStart = (text: string, offset: number): number => (offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1);

const lineCounter = (text: string): ((offset: number) => number) => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return (offset) => {
    const after = starts.findIndex((start) => start > offset);
    return (after < 0 ? starts.length : after) - 1;
  };
};
