export { editZip, type ZipChange } from './edit-zip.ts';
export type { ZipEnd } from './end-record.ts';
export { readZipMember } from './read-member.ts';
export { readZip, type Zip, type ZipEntry } from './read-zip.ts';
export { type ZipContentOptions, type ZipMemberContent, zipContent } from './zip-content.ts';
