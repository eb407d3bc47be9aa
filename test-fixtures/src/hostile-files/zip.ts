import { type ZipMember, type ZipOptions, zipOf } from '../build/zip.ts';
import type { HostileFile } from './hostile-file.ts';

const RELATIONSHIPS =
  '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>';
const TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>';
const CUSTOM: ZipMember = { name: 'docProps/custom.xml', data: '<Properties/>' };
const PARTS: readonly ZipMember[] = [
  { name: '[Content_Types].xml', data: TYPES },
  { name: '_rels/.rels', data: RELATIONSHIPS },
  { name: 'word/document.xml', data: '<w/>' },
];

const BROKEN: HostileFile['integrity'] = ['malformed', 'unsupported'];
const file = (
  name: string,
  members: () => readonly ZipMember[],
  integrity: HostileFile['integrity'],
  options: ZipOptions = {},
  format: string | null = 'docx',
): HostileFile => ({ name, format, bytes: () => zipOf(members(), options), integrity });

const partsAnd =
  (member: ZipMember): (() => readonly ZipMember[]) =>
  () => [...PARTS, member];

/** ZIP archives that are made to do harm (spec/provenance.md §4.4): documents of Word, and one book. */
export const zipHostile: readonly HostileFile[] = [
  file('bomb: 200 MB in a part with properties', partsAnd({ ...CUSTOM, data: new Uint8Array(200 << 20), isDeflated: true }), BROKEN),
  file('bomb whose directory says 0', partsAnd({ ...CUSTOM, data: new Uint8Array(20 << 20), isDeflated: true, size: 0 }), BROKEN),
  file('bomb whose directory says 10 bytes', partsAnd({ ...CUSTOM, data: new Uint8Array(20 << 20), isDeflated: true, size: 10 }), BROKEN),
  file(
    'bomb in the list of parts',
    () => [{ name: '[Content_Types].xml', data: new Uint8Array(20 << 20), isDeflated: true }, ...PARTS.slice(1)],
    BROKEN,
  ),
  file('an archive in an archive in an archive', partsAnd({ name: 'word/embeddings/1.zip', data: zipOf([{ name: '1.zip', data: zipOf(PARTS) }]) }), [
    'absent',
  ]),
  file(
    'bomb of members that overlap',
    () => [
      ...PARTS,
      { name: 'word/0', data: new Uint8Array(1 << 20), isDeflated: true },
      ...Array.from({ length: 1000 }, (_, index) => ({ name: `word/${index + 1}`, data: 'x', offset: 100 })),
    ],
    BROKEN,
  ),
  file('a name that climbs', partsAnd({ name: '../../etc/cron.d/x', data: 'x' }), BROKEN),
  file('a name that climbs with backslashes', partsAnd({ name: '..\\..\\x', data: 'x' }), BROKEN),
  file('an absolute name', partsAnd({ name: '/etc/passwd', data: 'x' }), BROKEN),
  file('a name with a drive', partsAnd({ name: 'C:\\x', data: 'x' }), BROKEN),
  file('a name with a NUL', partsAnd({ name: 'x\0.xml', data: 'x' }), BROKEN),
  file('a symbolic link', partsAnd({ name: 'word/link', data: '/etc/passwd', mode: 0o120777 }), BROKEN),
  file('two members of one name', () => [...PARTS, CUSTOM, { ...CUSTOM, data: '<html/>' }], BROKEN),
  file('100,000 members', () => [...PARTS, ...Array.from({ length: 100_000 }, (_, index) => ({ name: `word/${index}` }))], BROKEN, { isZip64: true }),
  file('65,000 members', () => [...PARTS, ...Array.from({ length: 65_000 }, (_, index) => ({ name: `word/${index}` }))], ['absent']),
  file('4 billion members announced', () => PARTS, BROKEN, { isZip64: true, count: 2 ** 32 }),
  file('fewer members announced than listed', () => PARTS, BROKEN, { count: 1 }),
  file('a descriptor that contradicts the directory', () => PARTS.map((member) => ({ ...member, descriptor: 'lying' })), BROKEN),
  file(
    'a member that the directory calls by another name',
    () => [...PARTS.slice(0, 2), { ...CUSTOM, localName: 'docProps/custon.xml' }, PARTS[2] as ZipMember],
    BROKEN,
  ),
  file('a wrong checksum', partsAnd({ ...CUSTOM, crc: 1 }), BROKEN),
  file('a member of 4 GB', partsAnd({ ...CUSTOM, compressedSize: 0xfffffff0, size: 0xfffffff0 }), BROKEN),
  file('a member behind the end of the file', partsAnd({ ...CUSTOM, offset: 0x7fffffff }), BROKEN),
  file('a volume of a split archive', () => PARTS, ['unsupported'], { disk: 3 }),
  file('encrypted members', () => PARTS.map((member) => ({ ...member, flags: 1 })), BROKEN),
  file(
    'billion laughs',
    partsAnd({ ...CUSTOM, data: '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><Properties>&b;</Properties>' }),
    BROKEN,
  ),
  file('100,000 elements in each other', partsAnd({ ...CUSTOM, data: '<a>'.repeat(100_000) + '</a>'.repeat(100_000) }), BROKEN),
  file('250,000 elements side by side', partsAnd({ ...CUSTOM, data: `<a>${'<b/>'.repeat(250_000)}</a>` }), BROKEN),
  file(
    'an attribute of a megabyte, and 10,000 attributes',
    partsAnd({
      ...CUSTOM,
      data: `<Properties ${Array.from({ length: 10_000 }, (_, index) => `a${index}=""`).join(' ')} b="${'x'.repeat(800_000)}"/>`,
    }),
    ['absent'],
  ),
  file('a thousand times the signature of the end', () => PARTS, ['absent'], { comment: 'PK\u0005\u0006'.repeat(16_000) }),
  file(
    'a book with 10,000 package documents',
    () => [
      { name: 'mimetype', data: 'application/epub+zip' },
      {
        name: 'META-INF/container.xml',
        data: `<container><rootfiles>${Array.from({ length: 10_000 }, (_, index) => `<rootfile full-path="${index}.opf"/>`).join('')}</rootfiles></container>`,
      },
      ...Array.from({ length: 10_000 }, (_, index) => ({ name: `${index}.opf`, data: '<package><metadata/></package>' })),
    ],
    ['absent'],
    {},
    'epub',
  ),
];
