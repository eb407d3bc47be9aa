// EPUB 3.3 §4 (OCF), §5 (package document); EPUB 2 OPF 2.0.1 §2.2 for <meta name content>, which EPUB 3 keeps (§5.5.7) and whose names need no declared prefix.
import { appendInside, attributeOf, escapeXml, prefixOf, replaceAttribute, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import {
  type Anomaly,
  type ByteSource,
  damaged,
  type Format,
  isLooseLabel,
  LabelError,
  type Slot,
  type SlotText,
  type Splice,
} from '@aigc-label/core';
import { epubContent } from '../content/epub-content.ts';
import { documentKind, isZipHead } from '../zip-documents/document-kind.ts';
import {
  assertReadable,
  type DocumentPackage,
  entriesNamed,
  openPackage,
  planPackage,
  readXmlParts,
  signed,
  slotsOf,
  type TextPart,
  type XmlPart,
} from '../zip-documents/document-package.ts';
import { addEdits, isKey, looseLabels, type PartLabel, textOf } from '../zip-documents/xml-labels.ts';

const KEY = 'AIGC';

/** Books of EPUB 2 and 3. */
export const epub: Format = {
  id: 'epub',
  modality: 'text',
  mediaTypes: ['application/epub+zip'],
  extensions: ['.epub'],
  place: { description: 'package document, <meta name="AIGC" content="…"/>', source: 'docs/decisions/0019', certainty: 'decision' },
  matches: isZipHead,
  recognises: async (source) => (await documentKind(source)) === 'epub',
  read: async (source) => {
    const book = await readBook(source);
    const { found, anomalies } = slotsOf(book.opened, book.parts, labelsOf(book));
    return { found, anomalies: book.packages.length > 0 ? anomalies : [...anomalies, LEADS_NOWHERE] };
  },
  plan: async (source, slot) => planBook(await readBook(source), slot),
  content: async (source) => {
    const book = await readBook(source);
    return epubContent(book, labelsOf(book));
  },
};

const CONTAINER = 'META-INF/container.xml';
const LEADS_NOWHERE: Anomaly = { code: 'damaged', site: CONTAINER, detail: 'nothing leads to a package document' };

/** A book has one package document, rarely one for each of some renditions. */
const MAXIMUM_PACKAGE_DOCUMENTS = 8;

/** A book, as far as its parts say what it is. */
export interface Book {
  readonly opened: DocumentPackage;
  readonly packages: readonly XmlPart[];
  readonly encryption: XmlPart | undefined;
  readonly parts: readonly XmlPart[];
}

/** Reads the parts of a book that say what it is; never throws for what stands in them. */
export const readBook = async (source: ByteSource): Promise<Book> => {
  const opened = await openPackage(source);
  const container = await readXmlParts(opened, CONTAINER);
  const encryption = await readXmlParts(opened, 'META-INF/encryption.xml');
  const rootfiles = container.flatMap(({ root }) => root?.children.flatMap(({ local, children }) => (local === 'rootfiles' ? children : [])) ?? []);
  const paths = rootfiles.flatMap((element) => {
    const type = attributeOf(element, 'media-type')?.value ?? 'application/oebps-package+xml';
    const path = attributeOf(element, 'full-path')?.value;
    return path === undefined || type !== 'application/oebps-package+xml' ? [] : [path];
  });
  const packages: XmlPart[] = [];
  for (const path of [...new Set(paths)].slice(0, MAXIMUM_PACKAGE_DOCUMENTS)) {
    const parts = await readXmlParts(opened, path);
    packages.push(...(parts.length > 0 ? parts : await readXmlParts(opened, unescapedPath(path))));
  }
  return { opened, packages, encryption: encryption[0], parts: [...container, ...encryption, ...packages] };
};

/** EPUB 3.3 §4.2.6.3.1.3: a path may be written as a URL has it, with percent signs. */
export const unescapedPath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

const metadataOf = ({ root }: XmlPart): XmlElement | undefined => root?.children.find(({ local }) => local === 'metadata');

/** Books from before EPUB 2 keep theirs one level deeper (OEBPS 1.2 §2.2). */
const metasOf = (holder: XmlElement | undefined): readonly XmlElement[] =>
  (holder?.children ?? [])
    .flatMap((element) => (element.local.endsWith('-metadata') ? element.children : [element]))
    .filter(({ local }) => local === 'meta');

const labelsOf = ({ packages }: Book): readonly PartLabel[] =>
  packages.flatMap((part, index) => {
    const holder = metadataOf(part);
    const own = metasOf(holder).flatMap((element): readonly PartLabel[] => {
      const name = attributeOf(element, 'name')?.value;
      const property = attributeOf(element, 'property')?.value;
      const content = attributeOf(element, 'content')?.value;
      const value = content ?? textOf(element);
      if (![name, property, property?.slice(property.indexOf(':') + 1)].some((one) => isKey(one, KEY)) && !isLooseLabel(value, KEY)) {
        return [];
      }
      const isGuidePlace = index === 0 && name === KEY && content !== undefined && property === undefined && textOf(element).trim() === '';
      const site = `${part.entry.name}/meta${name !== undefined ? `[name=${name}]` : `[property=${property ?? ''}]`}`.slice(0, 200);
      const slot: Slot = { key: KEY, site, isGuidePlace, value };
      return [{ slot, part, element, removal: { start: element.start, end: element.end, text: '' } }];
    });
    return [...own, ...looseLabels(part, KEY, new Set(own.map(({ element }) => element)))];
  });

const planBook = async (book: Book, slot: SlotText): Promise<readonly Splice[]> => {
  if (slot.key !== KEY) {
    throw new TypeError(`an EPUB carries ${KEY}, not ${slot.key}`);
  }
  const { opened, packages, encryption } = book;
  if (entriesNamed(opened, 'META-INF/signatures.xml').length > 0) {
    throw signed('epub');
  }
  assertReadable(book.parts);
  const [first] = packages;
  const holder = first === undefined ? undefined : metadataOf(first);
  if (first === undefined || holder === undefined) {
    throw damaged(first?.entry.name ?? CONTAINER, 0, 'there is no package document with metadata');
  }
  if (isEncrypted(encryption, packages)) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The package document of this EPUB is encrypted; label the book before it is protected.', {
      data: { format: 'epub', feature: 'encryption' },
    });
  }
  const edits = new Map<TextPart, XmlEdit[]>();
  const labels = labelsOf(book);
  const kept = labels.find(({ slot: { isGuidePlace } }) => isGuidePlace);
  for (const { part, element, removal } of labels) {
    if (element !== kept?.element) {
      addEdits(edits, part, removal);
    }
  }
  const content = kept?.element === undefined ? undefined : attributeOf(kept.element, 'content');
  if (content === undefined) {
    addEdits(edits, first, appendInside(holder, `<${prefixOf(holder)}meta name="${KEY}" content="${escapeXml(slot.value)}"/>`));
  } else if (content.value !== slot.value) {
    addEdits(edits, first, replaceAttribute(content, slot.value));
  }
  return planPackage(opened, { edits, added: [] });
};

/** Fonts may be obfuscated as they like; the package document may not (EPUB OCF §4.2.6.3.1), and some protect it all the same. */
const isEncrypted = (encryption: XmlPart | undefined, packages: readonly XmlPart[]): boolean => {
  const names = packages.map(({ entry }) => entry.name);
  return names.some((name) => encryption?.text.includes(`"${escapeXml(name)}"`) === true);
};
