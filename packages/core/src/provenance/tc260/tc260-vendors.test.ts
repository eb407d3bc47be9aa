import { describe, expect, it } from 'vitest';
import type { Label } from '../../label/label.ts';
import { noTrust, readTrustList } from '../trust-list.ts';
import { tc260Profile } from './tc260-profile.ts';

/**
 * Two labels as StepFun (阶跃 AI, code 001191310104MACE0YX63918020) wrote them into Markdown exports, seen on 2026-11-24 in public repositories: a report on RAG benchmarks of 2025-08-08
 * (ProduceID 142569260085903360) and the README of a speaker recognition system (147392816552226816). The labels' own fields alone; nothing of the texts.
 */
const PRODUCER = '001191310104MACE0YX63918020';
const KEY =
  '3059301306072A8648CE3D020106082A811CCF5501822D034200045728F08C58D9C72150A705693EF7337859F8FF216E802630041AFAE5C036F0A67CB1FDF8C57F5F8B623284AE09E4E545464B7140B26BBDA51BAE965F854C57AA';
const KEY_ID = '9j2CM0qEca9OKmI5t7b_4DqhMJS8QLXLWVRgd-mGtng';
const code = (signature: string, key = KEY): string =>
  `{"SecurityData":{"Type":"TC260PG","Version":1,"PubSD":[{"Type":"DS","AlgID":"1.2.156.10197.1.501","TBSData":{"Type":"LabelMataData"},"Signature":"${signature}"},{"Type":"PubKey","AlgID":"1.2.156.10197.1.501","KeyValue":"${key}"}]}}`;
const stepfun = (identifier: string, first: string, second: string): Label => ({
  Label: '1',
  ContentProducer: PRODUCER,
  ProduceID: identifier,
  ReservedCode1: code(first),
  ContentPropagator: PRODUCER,
  PropagateID: identifier,
  ReservedCode2: code(second),
});
const LABELS = [
  stepfun(
    '142569260085903360',
    '3046022100AE6B84B3342128AE301A597596FCD9EECF3EA0FC2DB6C250BAF234E167298E9002210097223ABB647B786A90D0A1B93CB9382EA879563B2C7F025FA006BE16AE926C14',
    '3046022100CFB0BFFC83C97AA5B09493295A7A054C082BBBB0E007AC139ACAA3BCD23D62DF022100FFDF70599E0E5D7DC6727825C5717DE0A9726D9F3119611E5E303FADA8792A5C',
  ),
  stepfun(
    '147392816552226816',
    '3045022100E816A5872275AE5414E7E0FD3D9B2C30F7B7FD68609D6486A38DF7CFAA1417B902201A510FBBE50819BAFF1FCC7B8527FF23CD40447D41A6776E6BCF1F773AE0DBBC',
    '3046022100FEBE29497FA9E249C18918CF9D36A7F13E5AE2FFDEF184F7E5E1572CDD60C3370221009C21182427A0860A85F9BDBBFC92BF784DAB92DCA375EA692B91FAB71F1334D9',
  ),
];

const trusting = (more: object = {}, names = [PRODUCER]) =>
  readTrustList(
    JSON.stringify({
      keys: [
        {
          kty: 'EC',
          crv: 'SM2',
          x: 'VyjwjFjZxyFQpwVpPvczeFn4_yFugCYwBBr65cA28KY',
          y: 'fLH9-MV_X4tiMoSuCeTlRUZLcUCya72lG66WX4VMV6o',
          names,
          ...more,
        },
      ],
    }),
  );

describe.each(LABELS)('the real StepFun label $ProduceID', (label) => {
  it('holds, by a key that stands in it: whole, but by nobody whom we know', async () => {
    expect(await tc260Profile.verify(label, 'producer', noTrust)).toMatchObject({
      profile: 'tc260',
      state: 'unknown_key',
      isIntact: true,
      variant: 'stepfun',
      algorithm: 'SM2',
      keyId: KEY_ID,
      labelValue: '1',
      content: null,
    });
  });

  it.each<[string, (whole: Label) => Label]>([
    ['Label', (whole) => ({ ...whole, Label: '2' })],
    ['ContentProducer', (whole) => ({ ...whole, ContentProducer: `${PRODUCER.slice(0, -1)}1` })],
    ['ProduceID', (whole) => ({ ...whole, ProduceID: `${whole.ProduceID.slice(0, -1)}1` })],
    ['the signature', (whole) => ({ ...whole, ReservedCode1: whole.ReservedCode1.replace('6C14"', '6C15"').replace('DBBC"', 'DBBD"') })],
    ['the key', (whole) => ({ ...whole, ReservedCode1: whole.ReservedCode1.replace('5728F08C', '5728F08D') })],
  ])('does not hold with one byte of %s changed', async (_, change) => {
    const finding = await tc260Profile.verify(change(label), 'producer', noTrust);
    expect(finding?.isIntact).not.toBe(true);
    expect(['invalid', 'malformed']).toContain(finding?.state);
  });

  it('is valid where the trust list has the key for this producer', async () => {
    expect(await tc260Profile.verify(label, 'producer', await trusting())).toMatchObject({ state: 'valid', keyId: KEY_ID, content: null });
    expect(await tc260Profile.verify(label, 'producer', await trusting({}, ['somebody else']))).toMatchObject({
      state: 'unknown_key',
      isIntact: true,
    });
    expect(await tc260Profile.verify(label, 'producer', await trusting({ status: 'revoked', revoked_at: 7 }))).toMatchObject({
      state: 'revoked_key',
      revokedAtSeconds: 7,
    });
  });

  it('has a second code whose message nobody has published, which is not called false', async () => {
    expect(await tc260Profile.verify(label, 'propagator', await trusting())).toMatchObject({ state: 'unknown_key', isIntact: null });
  });

  it('says nothing of the propagator where it repeats the first code', async () => {
    const repeated = { ...label, ReservedCode2: label.ReservedCode1 };
    expect(await tc260Profile.verify(repeated, 'propagator', await trusting())).toMatchObject({
      state: 'unknown_key',
      isIntact: true,
      variant: 'stepfun',
    });
  });
});

it('Honor: an object instead of a text, PubSd, RSA over content that nobody can select again', async () => {
  const value = JSON.stringify({
    SecurityData: {
      Type: 'TC260PG',
      Version: 1,
      Bindings: [{ Type: 'Hash', AlgID: '2.16.840.1.101.3.4.2.1', Value: null }],
      PubSd: [
        { Type: 'DS', AlgID: '1.2.840.113549.1.1.11', TBSData: { Type: 'Content' }, Signature: '00' },
        { Type: 'PubKey', AlgID: '1.2.840.113549.1.1.11', KeyValue: '00' },
      ],
    },
  });
  const label = { ...(LABELS[0] as Label), ReservedCode1: value };
  expect(await tc260Profile.verify(label, 'producer', noTrust)).toMatchObject({
    state: 'unknown_key',
    isIntact: null,
    variant: 'honor',
    algorithm: 'RS256',
  });
});

it('tries RSA with SHA-256 where it is over the label', async () => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const hex = (bytes: ArrayBuffer): string => Buffer.from(bytes).toString('hex');
  const label = LABELS[0] as Label;
  const message = new TextEncoder().encode(`"Label":"1","ContentProducer":"${PRODUCER}","ProduceID":"${label.ProduceID}"`);
  const OID = '1.2.840.113549.1.1.11';
  const signed = JSON.stringify({
    SecurityData: {
      Type: 'TC260PG',
      Version: 1,
      PubSd: [
        { Type: 'DS', AlgID: OID, TBSData: { Type: 'Md' }, Signature: hex(await crypto.subtle.sign(algorithm.name, privateKey, message)) },
        { Type: 'PubKey', AlgID: OID, KeyValue: hex(await crypto.subtle.exportKey('spki', publicKey)) },
      ],
    },
  });
  const whole = { ...label, ReservedCode1: signed };
  expect(await tc260Profile.verify(whole, 'producer', noTrust)).toMatchObject({ state: 'unknown_key', isIntact: true, variant: 'honor' });
  expect(await tc260Profile.verify({ ...whole, Label: '3' }, 'producer', noTrust)).toMatchObject({ state: 'invalid', isIntact: false });
  const spoilt = { ...label, ReservedCode1: signed.replace(/"KeyValue":"..../, '"KeyValue":"ffff') };
  expect(await tc260Profile.verify(spoilt, 'producer', noTrust)).toMatchObject({ state: 'unknown_key', isIntact: null });
});
