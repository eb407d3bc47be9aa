import {
  decodeXml,
  editXml,
  editZip,
  parseXml,
  readZip,
  readZipMember,
  type XmlEdit,
  type XmlElement,
  type Zip,
  type ZipEntry,
} from '@aigc-label/containers';
import { type Anomaly, type ByteSource, damaged, LabelError, type Slot, type Slots, type Splice, utf8 } from '@aigc-label/core';

/** The largest part with properties that is read, in bytes: real ones hold some KB, the list of parts of a long presentation 200 KB. */
const MAXIMUM_PART_BYTES = 1 << 20;

/** A document that is a ZIP archive. */
export interface DocumentPackage {
  readonly source: ByteSource;
  readonly zip: Zip;
}

/** A part with text. Where it could not be read, `text` is empty and `failure` says why. */
export interface TextPart {
  readonly entry: ZipEntry;
  readonly text: string;
  readonly encode: (text: string) => Uint8Array;
  readonly failure?: LabelError;
}

/** A part with XML; `root` is absent where `failure` is set. */
export interface XmlPart extends TextPart {
  readonly root?: XmlElement;
}

/** Lists the parts of a document. @throws LabelError as `readZip` does. */
export const openPackage = async (source: ByteSource): Promise<DocumentPackage> => ({ source, zip: await readZip(source) });

/** Every member of this name: more than one only where the archive has a fault. Names of Open Packaging Conventions ignore the case of letters (ECMA-376-2 §6.2.2.3). */
export const entriesNamed = ({ zip }: DocumentPackage, name: string, isCaseIgnored = false): readonly ZipEntry[] => {
  const wanted = name.toLowerCase();
  return zip.entries.filter(
    (entry) => entry.name === name || (isCaseIgnored && entry.name.length === wanted.length && entry.name.toLowerCase() === wanted),
  );
};

/** Reads a part as text, of at most `limitBytes`; never throws for what stands in it. */
export const readText = async ({ source, zip }: DocumentPackage, entry: ZipEntry, limitBytes: number = MAXIMUM_PART_BYTES): Promise<TextPart> => {
  try {
    const decoded = decodeXml(await readZipMember(source, zip, entry, limitBytes));
    return decoded === undefined ? broken(entry, 'it is neither UTF-8 nor UTF-16') : { entry, ...decoded };
  } catch (error) {
    if (error instanceof LabelError && ['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE'].includes(error.code)) {
      return { entry, text: '', encode: utf8, failure: error };
    }
    throw error;
  }
};

/** Reads a part as XML; never throws for what stands in it. */
export const readXmlPart = async (opened: DocumentPackage, entry: ZipEntry): Promise<XmlPart> => {
  const part = await readText(opened, entry);
  if (part.failure !== undefined) {
    return part;
  }
  const { root, fault } = parseXml(part.text);
  if (root !== undefined) {
    return { ...part, root };
  }
  return fault.kind === 'damaged'
    ? broken(entry, fault.detail)
    : {
        ...part,
        failure: new LabelError('LIMIT_EXCEEDED', `The part ${entry.name} cannot be read: ${fault.detail}.`, { data: { site: entry.name } }),
      };
};

/** Reads the part of this name as XML, each of them where there are several. */
export const readXmlParts = async (opened: DocumentPackage, name: string, isCaseIgnored = false): Promise<readonly XmlPart[]> => {
  const parts: XmlPart[] = [];
  for (const entry of entriesNamed(opened, name, isCaseIgnored).slice(0, MAXIMUM_TWINS)) {
    parts.push(await readXmlPart(opened, entry));
  }
  return parts;
};

/** More members of one name are not looked at. */
const MAXIMUM_TWINS = 3;

const broken = (entry: ZipEntry, what: string): TextPart => ({
  entry,
  text: '',
  encode: utf8,
  failure: damaged(entry.name, entry.start, what),
});

/**
 * What `Format.read` answers: the labels, and beside them what went wrong.
 *
 * @throws LabelError the fault of the archive or of a part where no label was found: it may be what hides one, and then nothing can be said.
 */
export const slotsOf = ({ zip }: DocumentPackage, parts: readonly TextPart[], labels: readonly { readonly slot: Slot }[]): Slots => {
  const fault = zip.fault ?? parts.find(({ failure }) => failure !== undefined)?.failure;
  if (labels.length === 0 && fault !== undefined) {
    throw fault;
  }
  const anomalies = parts.flatMap(({ entry, failure }): readonly Anomaly[] =>
    failure === undefined
      ? []
      : [{ code: failure.code === 'LIMIT_EXCEEDED' ? 'limit' : 'damaged', site: entry.name, offset: entry.start, detail: failure.message }],
  );
  return { found: labels.map(({ slot }) => slot), anomalies: [...zip.anomalies, ...anomalies] };
};

/** Throws why a part could not be read: what is not understood is not edited. */
export const assertReadable = (parts: readonly (TextPart | undefined)[]): void => {
  for (const part of parts) {
    if (part?.failure !== undefined) {
      throw part.failure;
    }
  }
};

/** What is to change in a document. */
export interface PackageEdits {
  readonly edits: ReadonlyMap<TextPart, readonly XmlEdit[]>;
  readonly added: readonly { readonly name: string; readonly text: string }[];
  /** Whether edited parts that were deflated are deflated again: of texts, which are large; properties are stored. */
  readonly isDeflated?: boolean;
}

/** APPNOTE §4.4.5. */
const DEFLATED = 8;

/** The splices for edits of parts. @throws LabelError as `editZip` does. */
export const planPackage = async (
  { source, zip }: DocumentPackage,
  { edits, added, isDeflated = false }: PackageEdits,
): Promise<readonly Splice[]> => {
  const edited = [...edits].filter(([, list]) => list.length > 0);
  if (new Set(edited.map(([{ entry }]) => entry)).size < edited.length) {
    throw damaged('zip', 0, 'one part of the document plays two roles');
  }
  const changes = [
    ...edited.map(([{ entry, text, encode }, list]) => ({
      entry,
      data: encode(editXml(text, list)),
      isDeflated: isDeflated && entry.method === DEFLATED,
    })),
    ...added.map(({ name, text }) => ({ name, data: utf8(text) })),
  ];
  return changes.length === 0 ? [] : editZip(source, zip, changes);
};

/** The refusal of a document that is signed: the label would break the signature. */
export const signed = (format: string): LabelError =>
  new LabelError(
    'FORMAT_UNSUPPORTED_FEATURE',
    `This ${format} file has a digital signature, which a label would break; label the document first and sign it then.`,
    { data: { format, feature: 'signature' } },
  );
