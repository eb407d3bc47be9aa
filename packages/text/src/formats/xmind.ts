// XMind has no published specification: docs/decisions/0019 says what was found out, and why the label stands where it stands.
import { appendInside, descendants, escapeXml, prefixOf, replaceContent, type XmlEdit, type XmlElement } from '@aigc-label/containers';
import { type ByteSource, damaged, type Format, LabelError, type Slot, type SlotText, type Splice } from '@aigc-label/core';
import { xmindContent } from '../content/xmind-content.ts';
import { scanJson } from '../json-scan.ts';
import { documentKind, isZipHead } from '../zip-documents/document-kind.ts';
import {
  assertReadable,
  type DocumentPackage,
  entriesNamed,
  openPackage,
  planPackage,
  readText,
  readXmlParts,
  slotsOf,
  type TextPart,
  type XmlPart,
} from '../zip-documents/document-package.ts';
import { addEdits, isKey, looseLabels, type PartLabel, textOf } from '../zip-documents/xml-labels.ts';

const KEY = 'AIGC';

/** Mind maps of XMind: since 2018 JSON in the archive, before that XML. */
export const xmind: Format = {
  id: 'xmind',
  modality: 'text',
  mediaTypes: ['application/vnd.xmind.workbook', 'application/x-xmind'],
  extensions: ['.xmind', '.xmt'],
  place: {
    description: 'metadata.json, member "AIGC"; in files older than 2018 meta.xml, element AIGC',
    source: 'docs/decisions/0019',
    certainty: 'decision',
  },
  matches: isZipHead,
  recognises: async (source) => (await documentKind(source)) === 'xmind',
  read: async (source) => {
    const map = await readMap(source);
    return slotsOf(map.opened, [...map.json, ...map.xml, ...map.manifests], labelsOf(map));
  },
  plan: async (source, slot) => planMap(await readMap(source), slot),
  content: async (source) => {
    const map = await readMap(source);
    const labels = labelsOf(map);
    const isAdded = (part: TextPart): boolean => {
      const own = labels.filter((label) => label.part === part);
      const [value = ''] = own.map(({ slot }) => slot.value);
      return own.length === 1 && [freshJson(value), freshXml(value)].some(({ name, text }) => part.entry.name === name && part.text === text);
    };
    return xmindContent({ ...map, labels, fresh: { isAdded, line: manifestLine } });
  },
};

const JSON_PART = 'metadata.json';
const XML_PART = 'meta.xml';
const META_NAMESPACE = 'urn:xmind:xmap:xmlns:meta:2.0';

interface MindMap {
  readonly opened: DocumentPackage;
  /** Whether the map is in content.json; content.xml beside it only tells old programs to update themselves. */
  readonly isJson: boolean;
  readonly json: readonly TextPart[];
  readonly xml: readonly XmlPart[];
  readonly manifests: readonly XmlPart[];
}

const readMap = async (source: ByteSource): Promise<MindMap> => {
  const opened = await openPackage(source);
  const json: TextPart[] = [];
  for (const entry of entriesNamed(opened, JSON_PART).slice(0, 3)) {
    json.push(withJson(await readText(opened, entry)));
  }
  return {
    opened,
    isJson: json.length > 0 || entriesNamed(opened, 'content.json').length > 0,
    json,
    xml: await readXmlParts(opened, XML_PART),
    manifests: await readXmlParts(opened, 'META-INF/manifest.xml'),
  };
};

const withJson = (part: TextPart): TextPart => {
  const { root, fault } = scanJson(part.text, KEY);
  if (part.failure !== undefined || (fault === undefined && root === 'object')) {
    return part;
  }
  return { ...part, failure: damaged(JSON_PART, part.entry.start, fault?.detail ?? 'the part does not hold a JSON object') };
};

const labelsOf = ({ isJson, json, xml }: MindMap): readonly PartLabel[] => [
  ...json.flatMap((part) => {
    const { members } = scanJson(part.text, KEY);
    return members.map((member, index): PartLabel => {
      const value = part.text.slice(member.valueStart, member.end);
      const isGuidePlace = index === members.length - 1 && json.length === 1 && value.startsWith('{');
      // The last one stays and is overwritten, so behind each that goes another member follows.
      const comma = /^\s*,\s*/.exec(part.text.slice(member.end))?.[0].length ?? 0;
      const removal = { start: member.start, end: member.end + comma, text: '' };
      return { slot: { key: KEY, site: `${JSON_PART}/AIGC`, isGuidePlace, value: unquoted(value) }, part, removal };
    });
  }),
  ...xml.flatMap((part) => {
    const own = (part.root?.children ?? []).filter(({ local }) => isKey(local, KEY));
    return [
      ...own.map((element): PartLabel => {
        const isGuidePlace =
          !isJson && xml.length === 1 && element.local === KEY && element.children.length === 0 && (part.root?.children.includes(element) ?? false);
        const slot: Slot = { key: KEY, site: `${XML_PART}/${element.name}`.slice(0, 200), isGuidePlace, value: textOf(element) };
        return { slot, part, element, removal: { start: element.start, end: element.end, text: '' } };
      }),
      ...looseLabels(part, KEY, new Set(own)),
    ];
  }),
];

/** A label that stands in a string of its own, as Annex E b) of GB 45438 can be read. */
const unquoted = (value: string): string => {
  if (!value.startsWith('"')) {
    return value;
  }
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
};

const planMap = async (map: MindMap, slot: SlotText): Promise<readonly Splice[]> => {
  if (slot.key !== KEY) {
    throw new TypeError(`a mind map carries ${KEY}, not ${slot.key}`);
  }
  const { opened, isJson, json, xml, manifests } = map;
  assertReadable(manifests);
  if (manifests.some(({ root }) => root !== undefined && descendants(root).some(({ local }) => local === 'encryption-data'))) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'This mind map is encrypted; save it without a password, label it, and encrypt it then.', {
      data: { format: 'xmind', feature: 'encryption' },
    });
  }
  assertReadable([...json, ...xml]);
  const edits = new Map<TextPart, XmlEdit[]>();
  const labels = labelsOf(map);
  const kept = labels.find(({ slot: { isGuidePlace } }) => isGuidePlace);
  for (const [index, label] of labels.entries()) {
    const isOverwritten = isJson && label.part === json[0] && labels[index + 1]?.part !== json[0];
    if (label !== kept && !isOverwritten) {
      addEdits(edits, label.part, label.removal);
    }
  }
  const part = isJson ? json[0] : xml[0];
  if (part === undefined) {
    return planPackage(opened, { edits: withManifest(edits, map), added: [isJson ? freshJson(slot.value) : freshXml(slot.value)] });
  }
  if (kept?.slot.value !== slot.value) {
    addEdits(edits, part, isJson ? jsonEdit(part, slot) : xmlEdit(part, kept?.element, slot));
  }
  return planPackage(opened, { edits, added: [] });
};

/** The last member: programs that want the first find the first. */
const jsonEdit = ({ text }: TextPart, { value }: SlotText): XmlEdit => {
  const { members, firstKey } = scanJson(text, KEY);
  const last = members.at(-1);
  if (last !== undefined) {
    return { start: last.valueStart, end: last.end, text: value };
  }
  let end = text.lastIndexOf('}');
  while (' \t\r\n'.includes(text.charAt(end - 1))) {
    end -= 1;
  }
  return { start: end, end, text: `${firstKey === undefined ? '' : ','}"${KEY}":${value}` };
};

const xmlEdit = (part: XmlPart, kept: XmlElement | undefined, { value }: SlotText): XmlEdit => {
  if (kept !== undefined) {
    return replaceContent(kept, value);
  }
  if (part.root === undefined) {
    throw damaged(XML_PART, part.entry.start, 'the part holds no XML');
  }
  const prefix = prefixOf(part.root);
  return appendInside(part.root, `<${prefix}${KEY}>${escapeXml(value)}</${prefix}${KEY}>`);
};

const freshJson = (value: string): { readonly name: string; readonly text: string } => ({ name: JSON_PART, text: `{"${KEY}":${value}}` });

const freshXml = (value: string): { readonly name: string; readonly text: string } => ({
  name: XML_PART,
  text: `<?xml version="1.0" encoding="UTF-8" standalone="no"?><meta xmlns="${META_NAMESPACE}" version="2.0"><${KEY}>${escapeXml(value)}</${KEY}></meta>`,
});

/** Old files list their parts. */
const withManifest = (edits: Map<TextPart, XmlEdit[]>, { isJson, manifests: [manifest] }: MindMap): Map<TextPart, XmlEdit[]> => {
  if (!isJson && manifest?.root !== undefined && manifest.root.children.every((child) => !child.attributes.some(({ value }) => value === XML_PART))) {
    addEdits(edits, manifest, appendInside(manifest.root, manifestLine(manifest)));
  }
  return edits;
};

const manifestLine = ({ root }: XmlPart): string =>
  `<${root === undefined ? '' : prefixOf(root)}file-entry full-path="${XML_PART}" media-type="text/xml"/>`;
