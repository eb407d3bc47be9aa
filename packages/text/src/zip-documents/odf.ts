// OpenDocument 1.3 part 3 §4.3.3 (user-defined metadata) and part 2 §3, §4 (packages, manifest, signatures).
import { appendInside, attributeOf, declarationOf, escapeXml, prefixOf, replaceContent, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import { type ByteSource, damaged, type Format, isLooseLabel, LabelError, type Slot, type SlotText, type Splice } from '@aigc-label/core';
import { odfContent } from '../content/odf-content.ts';
import { type DocumentKind, documentKind, isZipHead } from './document-kind.ts';
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
} from './document-package.ts';
import { addEdits, isKey, looseLabels, type PartLabel, textOf } from './xml-labels.ts';

/** A kind of OpenDocument. */
export const odfFormat = (id: DocumentKind, mediaTypes: readonly string[], extensions: readonly string[]): Format => ({
  id,
  modality: 'text',
  mediaTypes,
  extensions,
  place: { description: 'meta.xml, meta:user-defined "AIGC"', source: 'docs/decisions/0019', certainty: 'decision' },
  matches: isZipHead,
  recognises: async (source) => (await documentKind(source)) === id,
  read: async (source) => {
    const document = await readDocument(source);
    return slotsOf(document.opened, document.parts, labelsOf(document));
  },
  plan: async (source, slot) => planDocument(await readDocument(source), slot, id),
  content: async (source) => {
    const document = await readDocument(source);
    return odfContent({ ...document, labels: labelsOf(document), holderOf, fresh: { part: freshPart, line: manifestLine } });
  },
});

const KEY = 'AIGC';
const META = 'urn:oasis:names:tc:opendocument:xmlns:meta:1.0';
const OFFICE = 'urn:oasis:names:tc:opendocument:xmlns:office:1.0';
const MANIFEST = 'urn:oasis:names:tc:opendocument:xmlns:manifest:1.0';
const META_PART = 'meta.xml';

interface OpenDocument {
  readonly opened: DocumentPackage;
  readonly metas: readonly XmlPart[];
  readonly manifest: XmlPart | undefined;
  readonly parts: readonly XmlPart[];
}

const readDocument = async (source: ByteSource): Promise<OpenDocument> => {
  const opened = await openPackage(source);
  const metas = await readXmlParts(opened, META_PART);
  const [manifest] = await readXmlParts(opened, 'META-INF/manifest.xml');
  return { opened, metas, manifest, parts: [...metas, ...(manifest === undefined ? [] : [manifest])] };
};

/** office:meta, the element that holds the metadata. */
const holderOf = ({ root }: XmlPart): XmlElement | undefined =>
  root?.children.find(({ local, namespace }) => local === 'meta' && namespace === OFFICE);

const isUserDefined = ({ local, namespace }: XmlElement): boolean => local === 'user-defined' && namespace === META;

const labelsOf = ({ metas }: OpenDocument): readonly PartLabel[] =>
  metas.flatMap((part) => {
    const own = (holderOf(part)?.children ?? []).filter(isUserDefined).flatMap((element): readonly PartLabel[] => {
      const name = attributeOf(element, 'name', META)?.value;
      const value = textOf(element);
      if (!isKey(name, KEY) && !isLooseLabel(value, KEY)) {
        return [];
      }
      const type = attributeOf(element, 'value-type', META)?.value;
      const isGuidePlace = metas.length === 1 && name === KEY && element.children.length === 0 && (type === undefined || type === 'string');
      const slot: Slot = { key: KEY, site: `${META_PART}/meta:user-defined[${name ?? ''}]`.slice(0, 200), isGuidePlace, value };
      return [{ slot, part, element, removal: { start: element.start, end: element.end, text: '' } }];
    });
    return [...own, ...looseLabels(part, KEY, new Set(own.map(({ element }) => element)))];
  });

const planDocument = async (document: OpenDocument, slot: SlotText, format: string): Promise<readonly Splice[]> => {
  if (slot.key !== KEY) {
    throw new TypeError(`an OpenDocument carries ${KEY}, not ${slot.key}`);
  }
  const { opened, metas, manifest } = document;
  if (entriesNamed(opened, 'META-INF/documentsignatures.xml').length > 0) {
    throw signed(format);
  }
  assertReadable([manifest]);
  if (isEncrypted(manifest)) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `This ${format} file is encrypted; save it without a password, label it, and encrypt it then.`,
      {
        data: { format, feature: 'encryption' },
      },
    );
  }
  assertReadable(metas);
  const edits = new Map<TextPart, XmlEdit[]>();
  const labels = labelsOf(document);
  const kept = labels.find(({ slot: { isGuidePlace } }) => isGuidePlace);
  for (const { part, element, removal } of labels) {
    if (element !== kept?.element) {
      addEdits(edits, part, removal);
    }
  }
  const [meta] = metas;
  if (meta === undefined) {
    if (manifest?.root !== undefined) {
      addEdits(edits, manifest, manifestEdit(manifest.root));
    }
    return planPackage(opened, { edits, added: [{ name: META_PART, text: freshPart(slot.value) }] });
  }
  if (kept?.element !== undefined) {
    addEdits(edits, meta, ...(kept.slot.value === slot.value ? [] : [replaceContent(kept.element, slot.value)]));
  } else {
    addEdits(edits, meta, newPlace(meta, slot));
  }
  return planPackage(opened, { edits, added: [] });
};

/** Parts may be encrypted one by one, or the whole package inside one (part 2 §3.4): metadata is never left in the clear on purpose. */
const isEncrypted = (manifest: XmlPart | undefined): boolean =>
  manifest?.root?.children.some(({ children }) => children.some(({ local }) => local === 'encryption-data')) ?? false;

const newPlace = (meta: XmlPart, slot: SlotText): XmlEdit => {
  const { root } = meta;
  if (root === undefined || root.namespace !== OFFICE || root.local !== 'document-meta') {
    throw damaged(META_PART, meta.entry.start, 'the part of the metadata holds something else');
  }
  const holder = holderOf(meta);
  return holder === undefined
    ? appendInside(root, `<${prefixOf(root)}meta>${userDefined(slot.value, [root])}</${prefixOf(root)}meta>`)
    : appendInside(holder, userDefined(slot.value, [root, holder]));
};

const userDefined = (value: string, around: readonly XmlElement[]): string =>
  `<meta:user-defined${declarationOf(around, 'meta', META)} meta:name="${KEY}" meta:value-type="string">${escapeXml(value)}</meta:user-defined>`;

const freshPart = (value: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office="${OFFICE}" office:version="1.2"><office:meta>${userDefined(value, [])}</office:meta></office:document-meta>`;

const manifestEdit = (root: XmlElement): XmlEdit => appendInside(root, manifestLine(root));

const manifestLine = (root: XmlElement): string =>
  `<manifest:file-entry${declarationOf([root], 'manifest', MANIFEST)} manifest:full-path="${META_PART}" manifest:media-type="text/xml"/>`;
