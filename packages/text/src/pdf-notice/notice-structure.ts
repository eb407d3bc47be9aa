// ISO 32000-1 §14.7: the structure of a tagged PDF, which is what a screen reader goes by. A notice is a paragraph of it, first, last or where its page has its others behind.
import {
  type PdfChange,
  type PdfFile,
  type PdfObject,
  type PdfReference,
  pdfArray,
  pdfIndirectValue,
  pdfInteger,
  pdfName,
  pdfObject,
  pdfReference,
  pdfValue,
} from '@aigc-label/containers';
import { ascii, concat, LabelError, latin1 } from '@aigc-label/core';
import type { NoticePosition } from '../notice.ts';
import { entriesOf, type Held, heldDictionary } from './notice-page.ts';
import type { PdfPage } from './pdf-pages.ts';

/** Entries of a parent tree, two for each page or annotation; elements directly below the root. */
const MOST_ENTRIES = 200_000;

/** What a notice needs to know to be part of the structure. */
export interface NoticeTag {
  /** The number of its content among the tagged contents of the page (§14.7.4.2). */
  readonly identifier: number;
  /** What the page says of its place in the parent tree, where it has none yet. */
  readonly structParents: number | undefined;
}

/** The structure of a document, to which notices are added. */
export interface NoticeStructure {
  /** @param make writes a new object. */
  add(page: PdfPage, position: NoticePosition, make: (body: Uint8Array) => Promise<PdfReference>): Promise<NoticeTag>;
  /** The objects that have changed. */
  changes(): Promise<readonly PdfChange[]>;
}

/** The structure of a tagged document; `undefined` where it has none, or one that cannot be added to safely. */
export const noticeStructure = async (file: PdfFile, catalog: PdfObject): Promise<NoticeStructure | undefined> => {
  try {
    return await structureOf(file, catalog);
  } catch (error) {
    if (error instanceof LabelError && ['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE'].includes(error.code)) {
      return undefined;
    }
    throw error;
  }
};

const structureOf = async (file: PdfFile, catalog: PdfObject): Promise<NoticeStructure | undefined> => {
  const rootReference = pdfReference(pdfValue(catalog.dictionary, 'StructTreeRoot'));
  const root = rootReference === undefined ? undefined : await pdfObject(file, rootReference);
  const treeValue = root === undefined ? undefined : pdfValue(root.dictionary, 'ParentTree');
  const tree =
    root === undefined || treeValue === undefined ? undefined : await heldDictionary(file, { value: treeValue, holder: root }, root.reference);
  const numbers = tree === undefined ? undefined : pdfArray(await pdfIndirectValue(file, pdfValue(tree.dictionary, 'Nums')), MOST_ENTRIES);
  // A tree with branches is one of a book; its notices are artifacts.
  if (
    root === undefined ||
    tree === undefined ||
    numbers === undefined ||
    numbers.length % 2 !== 0 ||
    pdfValue(tree.dictionary, 'Kids') !== undefined
  ) {
    return undefined;
  }
  const entries = new Map<number, Uint8Array>();
  for (let index = 0; index < numbers.length; index += 2) {
    const key = pdfInteger(numbers[index]);
    if (key === undefined) {
      return undefined;
    }
    entries.set(key, numbers[index + 1] as Uint8Array);
  }
  const parent = await parentOf(file, root);
  const kids = await kidsOf(file, parent);
  if (kids === undefined) {
    return undefined;
  }
  const [first, last]: [Uint8Array[], Uint8Array[]] = [[], []];
  let next = [...entries.keys()].reduce((most, key) => Math.max(most, key + 1), pdfInteger(pdfValue(root.dictionary, 'ParentTreeNextKey')) ?? 0);
  const given = new Map<number, number>();
  return {
    async add(page, position, make) {
      const { number, generation } = page.object.reference;
      const own = given.get(number) ?? pdfInteger(pdfValue(page.object.dictionary, 'StructParents'));
      const key = own ?? next;
      next = Math.max(next, key + 1);
      if (own === undefined) {
        given.set(number, key);
      }
      const present = entries.get(key);
      const contents = present === undefined ? [] : pdfArray(await pdfIndirectValue(file, present), MOST_ENTRIES);
      if (contents === undefined) {
        throw new LabelError(
          'FORMAT_UNSUPPORTED_FEATURE',
          'The structure of this tagged PDF is not what its pages say; save it anew with another program.',
          {
            data: { site: 'pdf/StructTreeRoot/ParentTree' },
          },
        );
      }
      const identifier = contents.length;
      const element = await make(
        ascii(`<</Type/StructElem/S/P/P ${parent.reference.number} ${parent.reference.generation} R/Pg ${number} ${generation} R/K ${identifier}>>`),
      );
      const reference = ascii(`${element.number} ${element.generation} R`);
      entries.set(key, arrayOf([...contents, reference]));
      (position === 'start' || position === 'throughout' ? first : last).push(reference);
      return { identifier, structParents: own === undefined || given.has(number) ? key : undefined };
    },
    async changes() {
      const changed = new Map<string, PdfChange>();
      const numbersNow = [...entries].toSorted(([a], [b]) => a - b).flatMap(([key, value]) => [ascii(String(key)), value]);
      const treeEntries = async (to: PdfReference): Promise<Uint8Array> =>
        concat(ascii('<<'), ...(await entriesOf(file, tree, to, ['Nums', 'Limits'])), ascii('/Nums'), arrayOf(numbersNow), ascii('>>'));
      const kidsNow = concat(ascii('/K'), arrayOf([...first, ...kids, ...last]));
      const isRootParent = parent.reference.number === root.reference.number;
      const isTreeInRoot = tree.holder.reference.number === root.reference.number;
      const put = (reference: PdfReference, body: Uint8Array): void => {
        changed.set(`${reference.number}`, { reference, body });
      };
      if (!isTreeInRoot) {
        put(tree.holder.reference, await treeEntries(tree.holder.reference));
      }
      if (!isRootParent) {
        put(parent.reference, await bodyOf(file, parent, ['K'], [kidsNow]));
      }
      const rootHolds = [ascii(`/ParentTreeNextKey ${next}`)];
      if (isRootParent) {
        rootHolds.push(kidsNow);
      }
      if (isTreeInRoot) {
        rootHolds.push(concat(ascii('/ParentTree'), await treeEntries(root.reference)));
      }
      put(
        root.reference,
        await bodyOf(file, root, ['ParentTreeNextKey', ...(isRootParent ? ['K'] : []), ...(isTreeInRoot ? ['ParentTree'] : [])], rootHolds),
      );
      return [...changed.values()];
    },
  };
};

/** §14.8.4.2: a well-made document has one element, Document, below its root; ISO 14289 keeps it so. */
const parentOf = async (file: PdfFile, root: PdfObject): Promise<PdfObject> => {
  const [only, ...more] = (await kidsOf(file, root)) ?? [];
  const reference = more.length === 0 ? pdfReference(only) : undefined;
  const element = reference === undefined ? undefined : await pdfObject(file, reference);
  return element !== undefined && pdfName(pdfValue(element.dictionary, 'S')) === 'Document' ? element : root;
};

const kidsOf = async (file: PdfFile, { dictionary }: PdfObject): Promise<readonly Uint8Array[] | undefined> => {
  const value = pdfValue(dictionary, 'K');
  const resolved = await pdfIndirectValue(file, value);
  if (value === undefined || resolved === undefined || latin1(resolved.subarray(0, 5)) === 'null') {
    return [];
  }
  return resolved[0] === 0x5b ? pdfArray(resolved, MOST_ENTRIES) : [value];
};

const arrayOf = (values: readonly Uint8Array[]): Uint8Array => concat(ascii('['), ...values.flatMap((value) => [value, ascii(' ')]), ascii(']'));

const bodyOf = async (file: PdfFile, object: PdfObject, without: readonly string[], more: readonly Uint8Array[]): Promise<Uint8Array> => {
  const held: Held = { dictionary: object.dictionary, holder: object };
  return concat(ascii('<<'), ...(await entriesOf(file, held, object.reference, without)), ...more, ascii('>>'));
};
