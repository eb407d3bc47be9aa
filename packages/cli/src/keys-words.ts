import type { Language } from 'aigc-label';

/** Every sentence of `keys`. */
export interface KeysWords {
  readonly keys: string;
  readonly create: string;
  readonly list: string;
  readonly rotate: string;
  readonly revoke: string;
  readonly export: string;
  readonly keyId: string;
  readonly after: string;
  readonly options: Readonly<
    Record<'algorithm' | 'names' | 'notBefore' | 'expires' | 'at' | 'reason' | 'folder' | 'outFile' | 'overwrite' | 'json' | 'lang', string>
  >;
  readonly statuses: Readonly<Record<'active' | 'pending' | 'verify_only' | 'expired' | 'revoked', string>>;
  readonly from: (date: string) => string;
  readonly until: (date: string) => string;
  readonly revokedAt: (date: string, reason: string) => string;
  readonly none: (folder: string) => string;
  readonly made: (folder: string) => string;
  readonly exported: (path: string, count: number) => string;
  readonly badTime: (option: string, text: string) => string;
  readonly badAlgorithm: string;
  readonly badRequest: string;
}

/** The sentences by language. */
export const keysWords: Readonly<Record<Language, KeysWords>> = {
  en: {
    keys: 'make, list, rotate, revoke and publish the keys that sign labels',
    create: 'make a key; its private part stays in the folder of keys and is never shown',
    list: 'list the keys',
    rotate: 'make a key that follows another one of the same algorithm and names; the old one then only verifies',
    revoke: 'mark a key as not to be trusted from a time on; it cannot be taken back',
    export: 'print the public keys as a trust list (JWKS), for --trust',
    keyId: 'the id of the key, as "keys list" shows it',
    after: `
The folder is --folder, AIGC_LABEL_KEYS, or ~/.config/aigc-label/keys. Only its owner may open it.
New keys are encrypted where AIGC_LABEL_KEYS_PASSPHRASE_FILE names a file whose first line is a passphrase (or AIGC_LABEL_KEYS_PASSPHRASE is one).

Exit codes:
  0    done
  10   an error: usage, a missing or unusable key, a name that cannot stand in a label, an output that exists, permission, full disk`,
    options: {
      algorithm: 'Ed25519 (default), ES256, or SM2 (for --signature-profile tc260)',
      names: 'for whom it signs: codes or names, with commas',
      notBefore: 'the first time at which it signs: 2026-12-01, 2026-12-01T08:00:00Z or seconds (default: now)',
      expires: 'the first time at which it no longer signs (default: never)',
      at: 'from when on it is not to be trusted (default: now)',
      reason: 'why, for whoever reads the trust list',
      folder: 'the folder of keys',
      outFile: 'write to this file instead of standard output',
      overwrite: 'replace the file if it exists',
      json: 'one JSON object a line',
      lang: 'en or zh (default: the language of the system)',
    },
    statuses: { active: 'active', pending: 'not yet active', verify_only: 'verifies only', expired: 'expired', revoked: 'revoked' },
    from: (date) => `from ${date}`,
    until: (date) => `until ${date}`,
    revokedAt: (date, reason) => `revoked from ${date} on (${reason})`,
    none: (folder) => `There are no keys in ${folder}.`,
    made: (folder) => `The private key lies in ${folder}. Give the others the trust list: aigc-label keys export.`,
    exported: (path, count) => `${path}: ${count === 1 ? '1 public key' : `${count} public keys`}`,
    badTime: (option, text) => `${option}: "${text}" is no time; write 2026-12-01, 2026-12-01T08:00:00Z or seconds.`,
    badAlgorithm: '--algorithm is Ed25519, ES256 or SM2.',
    badRequest:
      'Say for whom the key signs (--names, 1 to 64), and let it expire after its first second; a successor begins later than now; a reason is one line of 1 to 200 characters.',
  },
  zh: {
    keys: '生成、列出、轮换、吊销和公布用于签署标识的密钥',
    create: '生成密钥；私钥只留在密钥文件夹中，从不显示',
    list: '列出密钥',
    rotate: '生成算法和名称相同的后继密钥；旧密钥此后只用于核验',
    revoke: '把密钥标为自某时起不可信；不可撤回',
    export: '以信任列表（JWKS）形式输出公钥，供 --trust 使用',
    keyId: '密钥编号，见 “keys list”',
    after: `
密钥文件夹为 --folder、AIGC_LABEL_KEYS 或 ~/.config/aigc-label/keys，只有所有者可以打开。
若 AIGC_LABEL_KEYS_PASSPHRASE_FILE 指向一个首行为口令的文件（或 AIGC_LABEL_KEYS_PASSPHRASE 即为口令），新密钥加密存放。

退出码：
  0    完成
  10   错误：用法、密钥缺失或不可用、名称不能写入标识、输出已存在、权限、磁盘已满`,
    options: {
      algorithm: 'Ed25519（默认）、ES256 或 SM2（用于 --signature-profile tc260）',
      names: '为谁签署：编码或名称，以逗号分隔',
      notBefore: '开始签署的时间：2026-12-01、2026-12-01T08:00:00Z 或秒数（默认：现在）',
      expires: '停止签署的时间（默认：永不）',
      at: '自何时起不可信（默认：现在）',
      reason: '原因，写给信任列表的读者',
      folder: '密钥文件夹',
      outFile: '写入该文件，而不是标准输出',
      overwrite: '文件已存在时覆盖',
      json: '每行一个 JSON 对象',
      lang: 'en 或 zh（默认：系统语言）',
    },
    statuses: { active: '启用', pending: '尚未启用', verify_only: '仅核验', expired: '已过期', revoked: '已吊销' },
    from: (date) => `自 ${date} 起`,
    until: (date) => `至 ${date} 止`,
    revokedAt: (date, reason) => `自 ${date} 起吊销（${reason}）`,
    none: (folder) => `${folder} 中没有密钥。`,
    made: (folder) => `私钥存于 ${folder}。请把信任列表交给他人：aigc-label keys export。`,
    exported: (path, count) => `${path}：${count} 个公钥`,
    badTime: (option, text) => `${option}：“${text}” 不是时间；请写 2026-12-01、2026-12-01T08:00:00Z 或秒数。`,
    badAlgorithm: '--algorithm 只能是 Ed25519、ES256 或 SM2。',
    badRequest: '请用 --names 说明密钥为谁签署（1 至 64 个），失效须晚于生效；后继密钥须晚于当前时间启用；原因为 1 至 200 字的一行文字。',
  },
};
