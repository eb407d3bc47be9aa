// spec/provenance.md §1.6, row by row, each on a real file.
import { readFileSync } from 'node:fs';
import { applySplices, bytesSource, type Label, type LogAnswer, type Report, verify } from '@aigc-label/core';
import { memoryStore } from '@aigc-label/store';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { testKey, trustIn } from '../../core/test/test-keys.ts';
import { createLabeler } from './labeler.ts';
import { allFormats, labelParts, verifyParts } from './parts.ts';
import { createPropagator } from './propagator.ts';
import { createVerifier, type VerifyCallOptions } from './verifier.ts';

const producer = '001191110000MA0000000H10001';
const sample = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../samples/${name}`, import.meta.url)));
const picture = sample('picture.png');
const clip = sample('clip.mp4');

describe('attacks (spec/provenance.md §1.6)', async () => {
  const own = await testKey([producer]);
  const thief = await testKey([producer]);
  const trust = await trustIn(own.trusted);
  const labeler = createLabeler({ ContentProducer: producer, signer: own.signer });
  const verifier = createVerifier({ trust });
  const signed = await labeler.labelBytes(picture);
  const check = (bytes: Uint8Array, options: VerifyCallOptions = {}): Promise<Report> => verifier.verifyBytes(bytes, options);
  const withLabel = async (bytes: Uint8Array, label: Label): Promise<Uint8Array> => (await createLabeler(label).labelBytes(bytes)).bytes;
  /** The label alone, put into a file in place of any other, as an attacker does it who knows our formats and not our rules. */
  const forced = async (bytes: Uint8Array, label: Label): Promise<Uint8Array> => {
    const format = allFormats.find((one) => one.matches(bytes.subarray(0, 4096)));
    return applySplices(bytes, await format!.plan(bytesSource(bytes), labelParts.vocabulary.encode(label)));
  };
  const notNamed = { action: 'suspected', label: null } as const;

  it('1, 9: an intact file, and a copy of it, are verified', async () => {
    expect(await check(signed.bytes)).toMatchObject({ integrity: 'verified', action: 'generated', label: signed.label });
  });

  it.each([
    ['picture.png', 0.5],
    ['picture.png', 0.9],
    ['clip.mp4', 0.5],
    ['song.mp3', 0.5],
    ['article.md', 0.7],
  ])('2: one byte of %s at %f changed: content_changed', async (name, at) => {
    const { bytes } = await labeler.labelBytes(sample(name), { name });
    const changed = bytes.slice();
    const offset = Math.floor(bytes.length * at);
    changed[offset] = (changed[offset] as number) ^ 1;
    expect(await check(changed, { name })).toMatchObject({ integrity: 'content_changed', action: 'generated', provenance: { binding: 'edited' } });
  });

  it('3: a transcode is the same work where what it looks like was signed; another picture is not', async () => {
    const small = new Uint8Array(await sharp(picture).resize(640).png().toBuffer());
    const { bytes, label } = await createLabeler({ ContentProducer: producer, signer: own.signer, soft: true }).labelBytes(small);
    const transcode = new Uint8Array(await sharp(bytes).keepMetadata().resize(320).jpeg({ quality: 60 }).toBuffer());
    expect(await check(transcode)).toMatchObject({ integrity: 'transplanted', ...notNamed, provenance: { softMatch: null } });
    expect(await check(transcode, { soft: true })).toMatchObject({
      integrity: 'content_changed',
      action: 'generated',
      provenance: { binding: 'other', softMatch: 'match' },
    });
    const other = await forced(new Uint8Array(await sharp(small).rotate(90).png().toBuffer()), label);
    expect(await check(other, { soft: true })).toMatchObject({ integrity: 'transplanted', ...notNamed, provenance: { softMatch: 'mismatch' } });
  });

  it('4: a label on another file is transplanted, and nobody is named', async () => {
    for (const other of [clip, sample('song.mp3'), sample('article.md')]) {
      expect(await check(await withLabel(other, signed.label))).toMatchObject({ integrity: 'transplanted', ...notNamed });
    }
    const another = await labeler.labelBytes(clip);
    expect(await check(await forced(picture, another.label))).toMatchObject({ integrity: 'transplanted', ...notNamed });
  });

  it.each([
    ['Label', { Label: '3' }],
    ['the producer', { ContentProducer: 'SomebodyElse' }],
    ['the number', { ProduceID: 'another' }],
  ] as const)('5: %s changed: bad_signature', async (_, change) => {
    expect(await check(await forced(signed.bytes, { ...signed.label, ...change }))).toMatchObject({ integrity: 'bad_signature', ...notNamed });
  });

  it('5: ReservedCode1 damaged: bad_signature, and the notice stays', async () => {
    const { ReservedCode1 } = signed.label;
    const damaged = `${ReservedCode1.slice(0, -8)}AAAAAAA${ReservedCode1.slice(-1)}`;
    expect(await check(await forced(signed.bytes, { ...signed.label, ReservedCode1: damaged }))).toMatchObject({
      integrity: 'bad_signature',
      ...notNamed,
    });
  });

  it("6: forged with a key of one's own: unknown_key, unless nobody asked whose keys are trusted", async () => {
    const forged = await createLabeler({ ContentProducer: producer, signer: thief.signer }).labelBytes(picture);
    expect(await check(forged.bytes)).toMatchObject({ integrity: 'unknown_key', ...notNamed });
    expect(await createVerifier().verifyBytes(forged.bytes)).toMatchObject({ integrity: 'unknown_key', action: 'generated' });
    expect(await check(forged.bytes, { onUnverified: 'generated' })).toMatchObject({ integrity: 'unknown_key', action: 'generated', label: null });
  });

  it('6: a trusted key signs for nobody but those it is trusted for', async () => {
    const { bytes } = await createLabeler({ ContentProducer: 'SomebodyElse', signer: own.signer }).labelBytes(picture);
    expect(await check(bytes)).toMatchObject({ integrity: 'unknown_key', ...notNamed, provenance: { producer: { isIntact: true } } });
  });

  const at = Math.floor(Date.now() / 1000);
  const answer = (provenSeconds: number) => async (): Promise<LogAnswer> => ({ state: 'included', provenSeconds });
  it.each([
    ['and nothing shows when it was signed', at + 3600, undefined, 'revoked_key'],
    ['although it says that it was signed before', at + 3600, undefined, 'revoked_key'],
    ['later than a witness has seen it', at + 3600, answer(at), 'verified'],
    ['in the second in which a witness has seen it', at + 3600, answer(at + 3600), 'revoked_key'],
    ['before a witness has seen it', at - 10, answer(at), 'revoked_key'],
  ])('7: the key was revoked %s', async (_, revokedAt, log, integrity) => {
    const revoked = await trustIn({ ...own.trusted, revoked_at: revokedAt });
    const report = await check(signed.bytes, { trust: revoked, ...(log === undefined ? {} : { log }) });
    expect(report).toMatchObject(integrity === 'verified' ? { integrity, action: 'generated' } : { integrity, ...notNamed });
  });

  it('7: the verifier’s own store is such evidence, too', async () => {
    const records = memoryStore();
    const { bytes } = await createLabeler({ ContentProducer: producer, signer: own.signer, records }).labelBytes(picture);
    const revoked = await trustIn({ ...own.trusted, revoked_at: at + 3600 });
    expect(await check(bytes, { trust: revoked })).toMatchObject({ integrity: 'revoked_key' });
    expect(await check(bytes, { trust: revoked, records })).toMatchObject({ integrity: 'verified', provenance: { record: 'known' } });
  });

  it('8: one number on two contents: id_conflict, and our own labeler refuses to make one', async () => {
    const records = memoryStore();
    const first = createLabeler({ ContentProducer: producer, signer: own.signer, records, ProduceID: 'n-1' });
    const { bytes } = await first.labelBytes(picture);
    await expect(first.labelBytes(clip)).rejects.toMatchObject({ code: 'ID_CONFLICT', data: { produceId: 'n-1' } });
    const elsewhere = await createLabeler({ ContentProducer: producer, signer: own.signer, ProduceID: 'n-1' }).labelBytes(clip);
    expect(await check(elsewhere.bytes, { records })).toMatchObject({ integrity: 'id_conflict', ...notNamed });
    expect(await check(bytes, { records })).toMatchObject({ integrity: 'verified' });
  });

  it('10: metadata stripped: absent; a store knows the work by its content', async () => {
    const records = memoryStore();
    const recording = createLabeler({ ContentProducer: producer, signer: own.signer, records });
    const { label } = await recording.labelBytes(picture);
    expect(await check(picture)).toMatchObject({ integrity: 'absent', action: 'none', recovered: null });
    expect(await check(picture, { records })).toMatchObject({
      integrity: 'absent',
      action: 'generated',
      recovered: { producer, produceId: label.ProduceID, labelValue: '1' },
    });
    expect(await check(clip, { records })).toMatchObject({ integrity: 'absent', action: 'none', recovered: null });
  });

  it('11: a place for a label, emptied: absent, with a signal', async () => {
    const text = Buffer.from(signed.bytes).toString('latin1');
    const value = /<TC260:AIGC>.*?<\/TC260:AIGC>/s.exec(text)?.[0] ?? '';
    const wiped = Buffer.from(text.replace(value, ' '.repeat(value.length)), 'latin1');
    expect(value).not.toBe('');
    expect(await check(new Uint8Array(wiped))).toMatchObject({ integrity: 'absent', action: 'suspected', signals: [{ code: 'emptied_carrier' }] });
  });

  it('12: labels that disagree: ambiguous; generated where one of them verifies, else suspected', async () => {
    const stray = (label: Label): Uint8Array => pngText('AIGC', labelParts.vocabulary.encode(label).value);
    const behindHeader = (bytes: Uint8Array, chunk: Uint8Array): Uint8Array => applySplices(bytes, [{ at: 33, remove: 0, insert: chunk }]);
    const other = { ...signed.label, ProduceID: 'x' };
    expect(await check(behindHeader(signed.bytes, stray(other)))).toMatchObject({ integrity: 'ambiguous', action: 'generated', label: null });
    const unsigned = await createLabeler({ ContentProducer: producer }).labelBytes(picture);
    expect(await check(behindHeader(unsigned.bytes, stray(other)))).toMatchObject({ integrity: 'ambiguous', action: 'suspected', label: null });
  });

  it('13: foreign bytes in a box for nothing: ambiguous', async () => {
    const { bytes } = await labeler.labelBytes(clip);
    const free = Buffer.concat([Buffer.from([0, 0, 0, 40]), Buffer.from('free<svg onload="alert(1)"/>        ')]);
    expect(await check(new Uint8Array([...bytes, ...free]))).toMatchObject({ integrity: 'ambiguous', ...notNamed });
    expect(await check(new Uint8Array([...bytes, 0, 0, 0, 16, ...Buffer.from('free'), ...new Uint8Array(8)]))).toMatchObject({
      integrity: 'verified',
    });
  });

  it.each([
    ['a ZIP behind the end', 'PK\u0005\u0006'.padEnd(26, '\0')],
    ['a page behind the end', '<html><script>alert(1)</script>'],
  ])('14: %s, put there after signing, is a change; put there before, it was signed', async (_, tail) => {
    const append = (bytes: Uint8Array): Uint8Array => new Uint8Array([...bytes, ...Buffer.from(tail)]);
    expect(await check(append(signed.bytes))).toMatchObject({ integrity: 'content_changed', anomalies: [{ code: 'trailing_data' }] });
    const before = await labeler.labelBytes(append(picture));
    expect(await check(before.bytes)).toMatchObject({ integrity: 'verified', anomalies: [{ code: 'trailing_data' }] });
  });

  it('14: a second movie behind the first', async () => {
    const { bytes } = await labeler.labelBytes(clip);
    const moov = Buffer.from(clip).indexOf('moov') - 4;
    const size = new DataView(clip.buffer, clip.byteOffset).getUint32(moov);
    const { integrity, action } = await check(new Uint8Array([...bytes, ...clip.subarray(moov, moov + size)]));
    expect(['content_changed', 'transplanted', 'ambiguous', 'malformed']).toContain(integrity);
    expect(integrity === 'content_changed' ? 'suspected' : action).toBe('suspected');
  });

  const SOURCES = 'http://cv.iptc.org/newscodes/digitalsourcetype/';
  it('15, 16: other metadata that says who made it is a signal: no proof, and no excuse', async () => {
    const says = (type: string): Uint8Array =>
      applySplices(picture, [{ at: 33, remove: 0, insert: pngText('Comment', `Iptc4xmpExt:DigitalSourceType="${SOURCES}${type}"`) }]);
    expect(await check(says('trainedAlgorithmicMedia'))).toMatchObject({
      integrity: 'absent',
      action: 'suspected',
      signals: [{ code: 'generated_elsewhere' }],
    });
    expect(await check(says('digitalCapture'))).toMatchObject({ integrity: 'absent', action: 'none', signals: [{ code: 'captured_elsewhere' }] });
    const clash = await labeler.labelBytes(says('digitalCapture'));
    expect(await check(clash.bytes)).toMatchObject({ integrity: 'verified', action: 'generated', signals: [{ code: 'captured_elsewhere' }] });
  });

  it('18: what people see is never verified by itself', async () => {
    const { bytes } = await createLabeler({ ContentProducer: 'x', explicit: true }).labelBytes(sample('article.md'), { name: 'a.md' });
    const text = Buffer.from(bytes)
      .toString()
      .replace(/^---\n[\s\S]*?\n---\n/, '');
    expect(await check(new TextEncoder().encode(text), { name: 'a.md' })).toMatchObject({ integrity: 'absent', action: 'suspected' });
  });

  it('20: a proof that does not hold: verified, and the log has failed', async () => {
    expect(await check(signed.bytes, { log: async () => ({ state: 'failed' }) })).toMatchObject({
      integrity: 'verified',
      provenance: { log: 'failed' },
    });
  });

  it('21: a kind of file that is not known: unsupported, possible where the user declares it', async () => {
    const unknown = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, ...new Uint8Array(60));
    expect(await check(unknown)).toMatchObject({ integrity: 'unsupported', action: 'none' });
    expect(await check(unknown, { isDeclared: true })).toMatchObject({ integrity: 'unsupported', action: 'possible' });
  });

  it('a signature from the future is none', async () => {
    const { bytes } = signed;
    const early = { ...verifyParts, provenance: { ...verifyParts.provenance!, nowMillis: () => Date.now() - 3_600_000 } };
    expect(await verify(bytesSource(bytes), early, { trust })).toMatchObject({ integrity: 'bad_signature', ...notNamed });
  });

  it('nobody changes what a signature covers without signing again', async () => {
    await expect(createLabeler({ ContentProducer: producer, Label: '2' }).labelBytes(signed.bytes)).rejects.toMatchObject({ code: 'SIGNING_FAILED' });
    await expect(createLabeler({ ContentProducer: producer, explicit: true }).labelBytes(signed.bytes)).rejects.toMatchObject({
      code: 'SIGNING_FAILED',
    });
    expect(await createLabeler({ ContentProducer: producer }).labelBytes(signed.bytes)).toMatchObject({ outcome: 'unchanged' });
  });

  it('a platform that cuts a work vouches for what it publishes', async () => {
    const platform = '001191110000MA0000000H20000';
    const spreader = await testKey([platform]);
    const both = await trustIn(own.trusted, spreader.trusted);
    const changed = await forced(sample('song.mp3'), signed.label);
    const propagator = createPropagator({ ContentPropagator: platform, signer: spreader.signer });
    const { bytes } = await propagator.propagateBytes(changed);
    expect(await check(bytes, { trust: both })).toMatchObject({
      integrity: 'content_changed',
      action: 'generated',
      provenance: { binding: 'other', propagatorBinding: 'same' },
    });
    expect(await check(bytes)).toMatchObject({ integrity: 'transplanted', ...notNamed });
  });
});

/** A tEXt chunk with its CRC. */
const pngText = (keyword: string, text: string): Uint8Array => {
  const body = Buffer.concat([Buffer.from('tEXt'), Buffer.from(`${keyword}\0${text}`, 'latin1')]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length - 4);
  return new Uint8Array(Buffer.concat([length, body, crcOf(body)]));
};

const crcOf = (bytes: Uint8Array): Uint8Array => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  const result = Buffer.alloc(4);
  result.writeUInt32BE((crc ^ 0xffffffff) >>> 0);
  return result;
};
