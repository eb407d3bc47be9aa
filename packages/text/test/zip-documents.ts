import { zip } from '@aigc-label/test-fixtures';

const { membersOf, textIn, zipOf } = zip;

/** What must not change: every member that is not touched byte by byte, and the parts that are touched without what is ours, by regular expressions. */
export const untouched =
  (ours: Readonly<Record<string, RegExp>>) =>
  (bytes: Uint8Array): unknown => {
    const members = membersOf(bytes);
    return {
      foreign: members.filter(({ name }) => ours[name] === undefined),
      touched: Object.entries(ours).map(([name, pattern]) => [name, textIn(bytes, name)?.replace(pattern, '') || undefined]),
      order: members.map(({ name }) => name).filter((name) => ours[name] === undefined),
    };
  };

export const custom = (...properties: readonly string[]): string =>
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n' +
  '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">' +
  `${properties.join('')}</Properties>`;

export const property = (name: string, inside: string, pid: number): string =>
  `<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="${pid}" name="${name}">${inside}</property>`;

export const contentTypes = (more = ''): string =>
  '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
  `<Default Extension="xml" ContentType="application/xml"/>${more}</Types>`;

export const OVERRIDE =
  '<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>';

const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument';
const CUSTOM = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties';

export const relationship = (id: string, type: string, target: string): string => `<Relationship Id="${id}" Type="${type}" Target="${target}"/>`;
export const CUSTOM_RELATIONSHIP = relationship('rId2', CUSTOM, 'docProps/custom.xml');

export const relationships = (main: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${relationship('rId1', OFFICE, main)}${more}</Relationships>`;

/** The parts of a document of Word that say nothing yet. */
export const officeParts = (
  main = 'word/document.xml',
  more: { readonly types?: string; readonly relationships?: string } = {},
): readonly zip.ZipMember[] => [
  { name: '[Content_Types].xml', data: contentTypes(more.types) },
  { name: '_rels/.rels', data: relationships(main, more.relationships) },
  { name: main, data: '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>' },
];

/** A document that has custom properties already. */
export const officeWith = (customXml: string, main = 'word/document.xml'): Uint8Array =>
  zipOf([...officeParts(main, { types: OVERRIDE, relationships: CUSTOM_RELATIONSHIP }), { name: 'docProps/custom.xml', data: customXml }]);

/** What is ours in the parts of an Office document. */
export const OFFICE_OURS: Readonly<Record<string, RegExp>> = {
  '[Content_Types].xml': /<Override PartName="\/docProps\/custom.xml"[^>]*>/,
  '_rels/.rels': /<Relationship [^>]*custom-?[pP]roperties"[^>]*>/,
  'docProps/custom.xml':
    /^<\?xml[^>]*>\s*<Properties [^>]*><property [^>]*name="AIGC">(?:(?!<\/property>).)*<\/property><\/Properties>$|<property [^>]*name="AIGC">(?:(?!<\/property>).)*<\/property>/gi,
  'docProps/core.xml': /(?<=<dc:description>)\{.*\}(?=<)/,
};

/** The parts of an OpenDocument, its metadata as given. */
export const odfParts = (meta: string | undefined, { type = 'text', manifest = '', doctype = '' } = {}): readonly zip.ZipMember[] => [
  { name: 'mimetype', data: `application/vnd.oasis.opendocument.${type}` },
  { name: 'content.xml', data: '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>' },
  ...(meta === undefined ? [] : [{ name: 'meta.xml', data: meta }]),
  {
    name: 'META-INF/manifest.xml',
    data: `${doctype}<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.${type}"/>${manifest}</manifest:manifest>`,
  },
];

export const odfMeta = (inside: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:meta>${inside}</office:meta></office:document-meta>`;

/** What is ours in the parts of an OpenDocument. */
export const ODF_OURS: Readonly<Record<string, RegExp>> = {
  'meta.xml':
    /^<\?xml[^>]*>\s*<office:document-meta [^>]*><office:meta><meta:user-defined [^>]*meta:name="AIGC".*<\/office:document-meta>$|<meta:user-defined [^>]*meta:name="AIGC"[^>]*>[^<]*<\/meta:user-defined>/g,
  'META-INF/manifest.xml': /<manifest:file-entry manifest:full-path="meta.xml"[^>]*>/,
};
