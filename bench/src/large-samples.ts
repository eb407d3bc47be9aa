import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateRawSync } from 'node:zlib';
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import type { Sample } from './samples.ts';

const run = promisify(execFile);
const sampleOf = async (name: string, path: string): Promise<Sample> => ({ name, path, sizeBytes: (await stat(path)).size });

/** A PDF of 300 pages of text, its pages compressed, with an xref table: as most programs write them. */
export const pdfOfThreeHundredPages = async (folder: string): Promise<Sample> => {
  const path = join(folder, 'three-hundred-pages.pdf');
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  const offsets: number[] = [];
  let size = parts[0]?.length ?? 0;
  const add = (body: Buffer | string): number => {
    const object = Buffer.concat([Buffer.from(`${offsets.length + 1} 0 obj\n`), Buffer.from(body), Buffer.from('\nendobj\n')]);
    offsets.push(size);
    size += object.length;
    parts.push(object);
    return offsets.length;
  };
  const pagesNumber = 2;
  add(`<</Type/Catalog/Pages ${pagesNumber} 0 R>>`);
  const kids = Array.from({ length: 300 }, (_, index) => 5 + 2 * index);
  add(`<</Type/Pages/Count 300/Kids[${kids.map((number) => `${number} 0 R`).join(' ')}]>>`);
  add('<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>');
  for (const number of kids) {
    const content = deflateRaw(
      `BT /F 9 Tf 40 800 Td ${Array.from({ length: 60 }, () => `(${randomBytes(30).toString('base64')}) Tj 0 -12 Td`).join('\n')} ET`,
    );
    add(Buffer.concat([Buffer.from(`<</Length ${content.length}/Filter/FlateDecode>>\nstream\n`), content, Buffer.from('\nendstream')]));
    add(`<</Type/Page/Parent ${pagesNumber} 0 R/MediaBox[0 0 595 842]/Contents ${number - 1} 0 R/Resources<</Font<</F 3 0 R>>>>>>`);
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${offsets.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${offsets.length + 1}/Root 1 0 R>>\nstartxref\n${size}\n%%EOF\n`,
    ),
  );
  await writeFile(path, Buffer.concat(parts));
  return sampleOf('300-page PDF', path);
};

/** zlib's envelope, as FlateDecode wants it. */
const deflateRaw = (text: string): Buffer => {
  const bytes = Buffer.from(text);
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  const adler = Buffer.alloc(4);
  adler.writeUInt32BE(((b << 16) | a) >>> 0);
  return Buffer.concat([Buffer.from([0x78, 0x9c]), deflateRawSync(bytes), adler]);
};

/** A WAV of 1 GiB of silence, as a hole. */
export const wavOfOneGibibyte = async (folder: string): Promise<Sample> => {
  const path = join(folder, 'one-gibibyte.wav');
  const samples = 2 ** 30;
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(48_000, 24);
  head.writeUInt32LE(192_000, 28);
  head.writeUInt16LE(4, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples, 40);
  const file = await open(path, 'w');
  await file.write(head, 0, 44, 0);
  await file.truncate(44 + samples);
  await file.close();
  return sampleOf('1 GiB WAV (sparse)', path);
};

/** A real Matroska film of 2 GB of raw pictures, with SeekHead and Cues as ffmpeg writes them. */
export const mkvOfTwoGigabytes = async (folder: string): Promise<Sample> => {
  const path = join(folder, 'two-gigabytes.mkv');
  const input = ['-f', 'lavfi', '-i', 'testsrc2=size=1280x720:rate=30'];
  await run(ffmpegInstaller.path, [
    '-v',
    'error',
    '-nostdin',
    '-y',
    ...input,
    '-c:v',
    'rawvideo',
    '-pix_fmt',
    'yuv420p',
    '-fs',
    String(2_000_000_000),
    path,
  ]);
  return sampleOf('2 GB MKV', path);
};

/** A DOCX of 100 MB: one large picture in it, and small parts. */
export const docxOfHundredMegabytes = async (folder: string): Promise<Sample> => {
  const path = join(folder, 'hundred-megabytes.docx');
  const package_ = 'http://schemas.openxmlformats.org/package/2006';
  const parts: Readonly<Record<string, Buffer>> = {
    '[Content_Types].xml': Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="${package_}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ),
    '_rels/.rels': Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="${package_}/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    ),
    'word/document.xml': Buffer.from(
      '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Words.</w:t></w:r></w:p></w:body></w:document>',
    ),
    'word/media/picture.png': randomBytes(100_000_000),
  };
  await writeFile(path, storedZip(parts));
  return sampleOf('100 MB DOCX', path);
};

/** A ZIP archive of members that are not compressed (APPNOTE 6.3.10 §4.3). */
const storedZip = (members: Readonly<Record<string, Buffer>>): Buffer => {
  const [locals, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, data] of Object.entries(members)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x21, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, tail, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(
    directory.reduce((total, { length }) => total + length, 0),
    12,
  );
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...directory, end]);
};

/** Reads nothing into memory but what is asked: how many bytes this process has asked the system for so far; `undefined` where the system does not tell (Linux does). */
export const bytesReadSoFar = async (): Promise<number | undefined> => {
  const text = await readFile('/proc/self/io', 'latin1').catch(() => '');
  const read = /^rchar: (\d+)$/m.exec(text)?.[1];
  return read === undefined ? undefined : Number(read);
};
