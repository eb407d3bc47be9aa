// ISO 32000-1 §7.7.3: the page tree, and what pages inherit from it.
import {
  type PdfFile,
  type PdfObject,
  pdfArray,
  pdfIndirectValue,
  pdfInteger,
  pdfName,
  pdfObject,
  pdfReference,
  pdfValue,
} from '@aigc-label/containers';
import { damaged, LabelError, latin1 } from '@aigc-label/core';

/** Where an attribute of a page comes from. */
export interface PageAttribute {
  readonly value: Uint8Array;
  /** The object in which the value stands, for the sake of its strings, which are encrypted for it. */
  readonly holder: PdfObject;
}

/** A page with what it inherits. */
export interface PdfPage {
  readonly object: PdfObject;
  readonly inherited: ReadonlyMap<string, PageAttribute>;
}

/** §7.7.3.4, table 30. */
const INHERITABLE = ['Resources', 'MediaBox', 'CropBox', 'Rotate'] as const;

/** Balanced trees of a million pages have five levels; some writers make a chain. */
const MAXIMUM_DEPTH = 64;
/** Pages that are marked one by one. */
export const MOST_PAGES = 2000;
const MAXIMUM_KIDS = 100_000;
/** Nodes that are looked at on the way to one page. */
const MAXIMUM_NODES = 5000;

interface Node {
  readonly object: PdfObject;
  readonly inherited: ReadonlyMap<string, PageAttribute>;
}

const site = 'pdf/Pages';

/** The root of the page tree. @throws LabelError as `pdfObject` does. */
const rootOf = async (file: PdfFile, catalog: PdfObject): Promise<Node> => {
  const reference = pdfReference(pdfValue(catalog.dictionary, 'Pages'));
  const object = reference === undefined ? undefined : await pdfObject(file, reference);
  if (object === undefined) {
    throw damaged(site, 0, 'the catalog leads to no pages');
  }
  return { object, inherited: inheritedBy(new Map(), object) };
};

/** How many pages a document says it has. */
export const pageCount = async (file: PdfFile, catalog: PdfObject): Promise<number> => {
  const { object } = await rootOf(file, catalog);
  const count = isPage(object) ? 1 : pdfInteger(await pdfIndirectValue(file, pdfValue(object.dictionary, 'Count')));
  if (count === undefined || count < 1) {
    throw damaged(site, object.at ?? 0, 'the document has no pages');
  }
  return count;
};

/** One page, counted from 0. @throws LabelError `FILE_DAMAGED` where the tree does not hold what it says, `LIMIT_EXCEEDED`. */
export const pageAt = async (file: PdfFile, catalog: PdfObject, index: number): Promise<PdfPage> => {
  let node = await rootOf(file, catalog);
  let rest = index;
  let looked = 0;
  for (let depth = 0; !isPage(node.object); depth += 1) {
    const kids = await kidsOf(file, node);
    const count = pdfInteger(await pdfIndirectValue(file, pdfValue(node.object.dictionary, 'Count')));
    let next: Node | undefined;
    // A node that counts as many pages as it has kids has pages alone, so the one that is wanted need not be searched.
    for (let at = count === kids.length ? rest : 0; at < kids.length && next === undefined; at += 1) {
      looked += 1;
      const kid = looked > MAXIMUM_NODES ? undefined : await kidOf(file, node, kids[at]);
      if (kid === undefined) {
        throw new LabelError(
          'LIMIT_EXCEEDED',
          'The pages of this PDF lie in a tree that takes too long to follow; save it anew with another program.',
          {
            data: { site, limit: MAXIMUM_NODES },
          },
        );
      }
      const pages =
        count === kids.length
          ? 1
          : isPage(kid.object)
            ? 1
            : (pdfInteger(await pdfIndirectValue(file, pdfValue(kid.object.dictionary, 'Count'))) ?? 0);
      if (count === kids.length) {
        rest = 0;
        next = kid;
      } else if (rest < pages) {
        next = kid;
      } else {
        rest -= pages;
      }
    }
    if (next === undefined || depth >= MAXIMUM_DEPTH) {
      throw damaged(site, node.object.at ?? 0, 'the tree of pages does not hold what it counts');
    }
    node = next;
  }
  if (rest !== 0) {
    throw damaged(site, node.object.at ?? 0, 'the tree of pages does not hold what it counts');
  }
  return node;
};

/** Every page, in order. @throws LabelError as `pageAt` does, and `LIMIT_EXCEEDED` for more than 2,000. */
export const allPages = async (file: PdfFile, catalog: PdfObject): Promise<readonly PdfPage[]> => {
  const pages: PdfPage[] = [];
  const seen = new Set<number>();
  const waiting: { readonly node: Node; readonly depth: number }[] = [{ node: await rootOf(file, catalog), depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, depth } = next;
    const { number } = node.object.reference;
    if (seen.has(number) || depth > MAXIMUM_DEPTH) {
      throw damaged(site, node.object.at ?? 0, 'a page stands in the tree of pages twice, or the tree does not end');
    }
    seen.add(number);
    if (isPage(node.object)) {
      pages.push(node);
    } else {
      for (const kid of (await kidsOf(file, node)).toReversed()) {
        waiting.push({ node: await kidOf(file, node, kid), depth: depth + 1 });
      }
    }
    if (pages.length + waiting.length > MOST_PAGES) {
      throw new LabelError('LIMIT_EXCEEDED', `This PDF has more than ${MOST_PAGES} pages; choose single positions instead of every page.`, {
        data: { site, limit: MOST_PAGES },
      });
    }
  }
  return pages;
};

const isPage = ({ dictionary }: PdfObject): boolean =>
  pdfName(pdfValue(dictionary, 'Type')) === 'Page' || (pdfValue(dictionary, 'Kids') === undefined && pdfValue(dictionary, 'Count') === undefined);

const kidsOf = async (file: PdfFile, { object }: Node): Promise<readonly Uint8Array[]> => {
  const kids = pdfArray(await pdfIndirectValue(file, pdfValue(object.dictionary, 'Kids')), MAXIMUM_KIDS);
  if (kids === undefined) {
    throw damaged(site, object.at ?? 0, 'a node of the tree of pages has no kids, or too many');
  }
  return kids;
};

const kidOf = async (file: PdfFile, { object: parent, inherited }: Node, value: Uint8Array | undefined): Promise<Node> => {
  const reference = pdfReference(value);
  const object = reference === undefined ? undefined : await pdfObject(file, reference);
  if (object === undefined) {
    throw damaged(site, parent.at ?? 0, 'a page is announced and there is none');
  }
  return { object, inherited: inheritedBy(inherited, object) };
};

const inheritedBy = (from: ReadonlyMap<string, PageAttribute>, holder: PdfObject): ReadonlyMap<string, PageAttribute> => {
  const own = INHERITABLE.flatMap((key): readonly (readonly [string, PageAttribute])[] => {
    const value = pdfValue(holder.dictionary, key);
    return value === undefined || latin1(value.subarray(0, 5)) === 'null' ? [] : [[key, { value, holder }]];
  });
  return own.length === 0 ? from : new Map([...from, ...own]);
};
