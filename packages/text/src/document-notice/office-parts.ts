import { attributeOf } from '@aigc-label/containers';
import { type DocumentPackage, readXmlParts } from '../zip-documents/document-package.ts';

/** The name of the part that a document of Office begins with (ECMA-376-2 §6.5.2). */
export const mainPartName = async (opened: DocumentPackage): Promise<string | undefined> => {
  const [relationships] = await readXmlParts(opened, '_rels/.rels', true);
  const target = relationships?.root?.children.find((element) => attributeOf(element, 'Type')?.value.endsWith('/relationships/officeDocument'));
  return (target === undefined ? undefined : attributeOf(target, 'Target')?.value)?.replace(/^(?:\.?\/)+/, '');
};

/** Whether a document of Office is signed (ECMA-376-2 §12). */
export const isSignedOffice = async (opened: DocumentPackage): Promise<boolean> => {
  const [relationships] = await readXmlParts(opened, '_rels/.rels', true);
  const types = (relationships?.root?.children ?? []).map((element) => attributeOf(element, 'Type')?.value ?? '');
  return types.some((type) => type.endsWith('/digital-signature/origin')) || opened.zip.entries.some(({ name }) => /^_xmlsignatures\//i.test(name));
};
