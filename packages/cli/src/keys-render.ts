import type { KeyDescription } from '@aigc-label/keys';
import type { KeysSession } from './keys-session.ts';
import { printable, printableJson } from './printable.ts';

/** Shows a key: its id first, so that it can be copied, then what it is for. */
export const showKey = async (key: KeyDescription, { session, words, isJson }: Pick<KeysSession, 'session' | 'words' | 'isJson'>): Promise<void> => {
  const { out } = session;
  if (isJson) {
    await out.line(printableJson(key));
    return;
  }
  const { keyId, algorithm, status, names, notBefore, expires, revokedAt, revocationReason } = key;
  const style = status === 'active' ? 'green' : status === 'revoked' ? 'red' : 'yellow';
  const times = [
    words.from(dateOf(notBefore)),
    ...(expires === null ? [] : [words.until(dateOf(expires))]),
    ...(revokedAt === null ? [] : [out.style('red', words.revokedAt(dateOf(revokedAt), printable(revocationReason ?? '')))]),
  ];
  await out.line(out.style('bold', keyId));
  await out.line(`  ${[algorithm, out.style(style, words.statuses[status]), ...times].join(' · ')}`);
  await out.line(`  ${printable(names.join(', '))}`);
};

/** Seconds as people read them, in UTC. A time that no calendar has stays a number. */
const dateOf = (seconds: number): string => (seconds > 8.64e12 ? String(seconds) : new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z'));
