// Incremental updates (ISO 32000-1 §7.5.6) that hold nothing but metadata: the document information dictionary, the XMP of the catalog, and the catalog where it says nothing new but where
// the XMP stands (spec/content/text.md §2.2). Whatever else an update holds, says or leaves between its objects makes it one of the content.
import { isXmpHead } from '../xml/xml-root.ts';
import { packetBody, XMP_LIMIT_BYTES } from '../xmp/read-xmp.ts';
import { scanXmp } from '../xmp/scan-xmp.ts';
import { decodeXmp } from '../xmp/xmp-text.ts';
import { unlockPdf } from './encryption/unlock-pdf.ts';
import { freePdfNumber, type PdfFile } from './open-pdf.ts';
import { type PdfObject, pdfObject, pdfStream } from './pdf-object.ts';
import { type PdfDictionary, type PdfReference, pdfArray, pdfReference, pdfTokens, pdfValue } from './pdf-syntax.ts';
import { type UpdatedObject, updateLayout } from './update-layout.ts';

/** Keys of a trailer that may differ between a file and its update: they speak of one section only (§7.5.5, §7.5.8.2), or of metadata; `/ID` is looked at on its own. */
const SECTION_KEYS: ReadonlySet<string> = new Set(['Size', 'Prev', 'Info', 'ID', 'XRefStm', 'Type', 'Index', 'W', 'Length', 'Filter', 'DecodeParms']);

/**
 * Where revision `index` begins, if it is an update of metadata that ends at `end`; else `undefined`.
 *
 * @throws LabelError as `pdfObject` and `unlockPdf` do.
 */
export const metadataUpdateStart = async (file: PdfFile, index: number, end: number): Promise<number | undefined> => {
  const layout = await updateLayout(file, index, end);
  const before = file.revisions[index + 1]?.section.trailer;
  const trailer = file.revisions[index]?.section.trailer;
  if (layout === undefined || before === undefined || trailer === undefined || !hasSameKeys(trailer, before)) {
    return undefined;
  }
  const free = freePdfNumber({ ...file, revisions: file.revisions.slice(index + 1) });
  // A number that the file used for something else would put metadata in its place.
  const isOwn = (now: PdfReference | undefined, then: PdfReference | undefined): boolean =>
    now === undefined || now.number >= free || (now.number === then?.number && now.generation === then.generation);
  const root = pdfReference(pdfValue(trailer, 'Root'));
  const catalogs = root === undefined ? [] : [await pdfObject(file, root, index), await pdfObject(file, root, index + 1)];
  const [info, infoBefore] = [trailer, before].map((one) => pdfReference(pdfValue(one, 'Info')));
  const [metadata, metadataBefore] = catalogs.map((catalog) =>
    pdfReference(catalog === undefined ? undefined : pdfValue(catalog.dictionary, 'Metadata')),
  );
  if (!isOwn(info, infoBefore) || !isOwn(metadata, metadataBefore) || (info !== undefined && info.number === metadata?.number)) {
    return undefined;
  }
  for (const object of layout.objects) {
    const { number } = object.reference;
    const isAllowed = object.isXref
      ? number >= free
      : number === info?.number
        ? !object.isStream
        : number === metadata?.number
          ? await isXmp(file, object, index)
          : number === root?.number && isSameCatalog(catalogs);
    if (!isAllowed) {
      return undefined;
    }
  }
  return layout.start;
};

/** Whether two trailers say the same of the file: its catalog, its encryption with the first identifier that goes into its key (§7.6.3.3), and whatever is not known. */
const hasSameKeys = (now: PdfDictionary, then: PdfDictionary): boolean => {
  const [a, b] = [now, then].map((trailer) => entriesOf(trailer, SECTION_KEYS));
  const [idNow, idThen] = [now, then].map((trailer) => pdfArray(pdfValue(trailer, 'ID'), 3)?.[0]);
  const isSameId = idThen === undefined || (idNow !== undefined && pdfTokens(idNow, 0, idNow.length) === pdfTokens(idThen, 0, idThen.length));
  return a !== undefined && isSameId && a === b;
};

const METADATA: ReadonlySet<string> = new Set(['Metadata']);

const isSameCatalog = ([now, then]: readonly (PdfObject | undefined)[]): boolean => {
  const said = now === undefined || then === undefined ? undefined : entriesOf(now.dictionary, METADATA);
  return said !== undefined && then !== undefined && said === entriesOf(then.dictionary, METADATA);
};

/** What a dictionary says, whatever the order of its keys; `undefined` where a key stands twice, which readers take differently. */
const entriesOf = ({ bytes, entries }: PdfDictionary, without: ReadonlySet<string>): string | undefined => {
  const values = entries.map(({ key, valueStart, valueEnd }) => [key, pdfTokens(bytes, valueStart, valueEnd)] as const);
  const isClear = new Set(values.map(([key]) => key)).size === values.length && values.every(([, tokens]) => tokens !== undefined);
  return isClear ? JSON.stringify(values.filter(([key]) => !without.has(key)).toSorted(([a], [b]) => (a < b ? -1 : 1))) : undefined;
};

/** Any property: whether the packet is well-formed is all that is asked. */
const NO_PROPERTY = { namespace: '', prefix: '', name: '', kindred: [], borrowed: [], aliases: [], fields: [] } as const;

const isXmp = async (file: PdfFile, { isStream, reference }: UpdatedObject, index: number): Promise<boolean> => {
  const object = isStream ? await pdfObject(file, reference, index) : undefined;
  if (object === undefined || pdfValue(object.dictionary, 'Filter') !== undefined || pdfValue(object.dictionary, 'F') !== undefined) {
    return false;
  }
  // Deriving the key takes some 100 ms, and few files have such an update.
  const packet = await pdfStream(await unlockPdf(file), object, XMP_LIMIT_BYTES);
  const body = isXmpHead(packet.subarray(0, 4096)) ? packetBody(decodeXmp(packet)?.text ?? '').body : '';
  return body !== '' && scanXmp(body, NO_PROPERTY).fault === undefined;
};
