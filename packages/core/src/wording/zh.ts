import { type Facts, fact, pathFact, type Wording } from './wording.ts';

/** 简体中文。 */
export const zh: Wording = {
  errors: {
    FILE_DAMAGED: (facts) => `文件已损坏${placeOf(facts)}。请从源头重新导出。`,
    FILE_EMPTY: () => '文件为空，没有可以标识的内容。',
    FORMAT_UNKNOWN: ({ extension }) =>
      typeof extension === 'string'
        ? `${extension} 文件虽是文本，但其中没有已知的标识位置，写入可能破坏文件。若为文章，请改用 .md、.html 或 .txt 扩展名。`
        : '无法识别此文件的类型，因而未作任何改动。请先转换为 "aigc-label label --help" 所列的类型。',
    FORMAT_UNSUPPORTED_FEATURE: (facts) => `此文件使用了本版本尚不支持的结构${placeOf(facts)}，为避免损坏未作改动。请从源头以常规选项重新导出。`,
    NO_PLACE_INSIDE: ({ format }) =>
      `这个 ${typeof format === 'string' ? format : ''} 文件内部没有可以安全放置标识的位置；请把标识写入随文件的边车文件（.xmp）。`,
    CARRIER_FULL: (facts) => `文件中没有足够的空间写入标识${placeOf(facts)}。请精简文件的元数据后重试。`,
    LIMIT_EXCEEDED: (facts) => `文件中的某个结构超出了安全上限${placeOf(facts)}，因而拒绝处理。请从源头重新导出。`,
    NOTHING_TO_REPAIR: () => '该文件中没有标识，无需修复。如果它由 AI 生成，请为其添加标识。',
    NOTHING_TO_PROPAGATE: () =>
      '没有标识、没有用户声明，也没有生成痕迹，因此没有可添加的内容（《办法》第六条）。这不表示它由人创作。如果用户声明为生成内容，请使用 --declared。',
    NOTHING_TO_CARRY: () => '原文件没有标识，没有可以转移的内容。',
    OTHER_CONTENT: (facts) =>
      `两个文件不是同一内容的不同版本：相似度为 ${fact(facts, 'similarity')}，至少需要 ${fact(facts, 'threshold')}。请提供转码前的原文件。`,
    LABEL_DISAGREES: (facts) =>
      fact(facts, 'producer') === ''
        ? '文件已带有未写明生成者的标识，不得替换（《办法》第十条）。请用 aigc-label propagate 添加传播要素，或对原文件进行标识。'
        : `文件已带有 ${fact(facts, 'producer')} 的标识（ProduceID ${fact(facts, 'produceId')}），不得替换（《办法》第十条）。请使用同一服务提供者，或对原始文件进行标识。`,
    LABEL_AMBIGUOUS: () => '文件中已有相互矛盾或无法读取的标识。请用 "aigc-label inspect" 查明真伪，再对原始文件进行标识。',
    LABEL_INVALID: (facts) =>
      INVALID[fact(facts, 'reason')]?.(fact(facts, 'field'), fact(facts, 'value')) ??
      `${fact(facts, 'field')} 的取值“${fact(facts, 'value')}”无法写入。`,
    LABEL_NOT_READ_BACK: () => '写入后未能重新读出标识，因而未保留任何结果。请反馈此文件。',
    NOTICE_NOT_DRAWABLE: (facts) =>
      fact(facts, 'character') === ''
        ? '图片太小，放不下清晰合规的显式标识。请缩短文字或使用更大的图片。'
        : `内置字体没有字符“${fact(facts, 'character')}”，无法绘制显式标识。请更换文字。`,
    NOTICE_UNSUPPORTED: (facts) =>
      `暂时无法在${fact(facts, 'format') === '' ? '此文件' : ` ${fact(facts, 'format')} 文件`}中加入显式标识。可以只写隐式标识，并在内容周边给出提示。`,
    SOURCE_CHANGED: (facts) => `文件 ${pathFact(facts)}在处理期间被其他程序修改。请待其稳定后重试。`,
    NOT_FOUND: (facts) => `找不到文件 ${pathFact(facts).trimEnd()}。请检查名称。`,
    NAME_UNREADABLE: () => '文件名不是有效的 UTF-8，无法打开。请先重命名。',
    NO_PERMISSION: (facts) => `当前用户无权读写 ${pathFact(facts).trimEnd()}。请检查文件及其文件夹的权限。`,
    NOT_A_FILE: (facts) =>
      `路径 ${pathFact(facts)}不是普通文件（可能是文件夹、链接、管道或设备）。${facts['isSidecar'] === true ? '请将其移走：旁边文件的标识要写在此处。' : '请指定文件。'}`,
    OUTPUT_EXISTS: (facts) => `输出 ${pathFact(facts)}已存在且内容不同。请另选位置，或用 --overwrite 允许覆盖。`,
    OUTPUT_IS_INPUT: () => '输出就是输入文件本身。请另选位置，或用 --in-place 原地标识。',
    DISK_FULL: (facts) => `磁盘空间（或配额、限额）不足，无法写入 ${pathFact(facts).trimEnd()}。请腾出空间；原文件未受影响。`,
    IO_FAILED: (facts) =>
      fact(facts, 'systemCode') === 'ENAMETOOLONG'
        ? `名称 ${pathFact(facts)}超出了磁盘允许的长度。请缩短文件名。`
        : `读写 ${pathFact(facts)}失败${fact(facts, 'systemCode') === '' ? '' : `（${fact(facts, 'systemCode')}）`}。`,
    TOOL_MISSING: () => '缺少所需的外部工具。请安装后重试。',
    TRUST_INVALID: (facts) =>
      `信任列表无法使用${fact(facts, 'index') === '' ? '' : `（第 ${Number(facts['index']) + 1} 个密钥）`}：${fact(facts, 'reason')}。`,
    KEY_INVALID: (facts) => `密钥无法使用：${fact(facts, 'reason')}。`,
    KEY_NOT_FOUND: (facts) =>
      fact(facts, 'keyId') === ''
        ? `没有可为 ${fact(facts, 'names')} 签名的有效密钥；可用 “aigc-label keys new” 新建。`
        : `这里没有密钥 ${fact(facts, 'keyId')}；可用 “aigc-label keys list” 查看。`,
    SIGNING_FAILED: (facts) => `签名失败：${fact(facts, 'reason')}。未写入任何内容。`,
    ID_CONFLICT: (facts) => `${fact(facts, 'producer')} 的 ProduceID ${fact(facts, 'produceId')} 已属于另一内容；每件作品须有各自的编号。`,
    RECORD_NOT_FOUND: (facts) => `没有 ${fact(facts, 'identifier')} 的记录。`,
    STORE_FAILED: (facts) => `记录库出错：${fact(facts, 'reason')}。`,
    LOG_FAILED: (facts) => `日志出错：${fact(facts, 'reason')}。`,
    CONFIG_INVALID: (facts) =>
      `${fact(facts, 'place')}${fact(facts, 'key') === '' ? '' : ` 中的 ${fact(facts, 'key')}`} 无效：${fact(facts, 'problem')}`,
    ABORTED: () => '文件尚未完成即已停止，未保留任何部分结果。',
  },
  actions: {
    generated: {
      title: '属于人工智能生成合成内容',
      meaning: '标识表明此内容属于人工智能生成合成内容。',
      next: '在内容周边以显著方式提示“属于人工智能生成合成内容”（《办法》第六条第一项）。',
    },
    possible: {
      title: '可能为人工智能生成合成内容',
      meaning: '标识或上传者声明此内容可能由人工智能生成合成。',
      next: '在内容周边以显著方式提示“可能为人工智能生成合成内容”（《办法》第六条第二项）。',
    },
    suspected: {
      title: '疑似人工智能生成合成内容',
      meaning: '发现了标识的痕迹，但没有可以采信的标识。',
      next: '在内容周边以显著方式提示“疑似人工智能生成合成内容”（《办法》第六条第三项）。',
    },
    none: {
      title: '未发现人工智能生成合成的迹象',
      meaning: '未发现标识或其他痕迹。这绝不表示内容由人创作：标识可能丢失或被去除。',
      next: '询问上传者内容是否由人工智能生成；如是，请加 --declared 重新核验（《办法》第六条第二、四项）。',
    },
  },
  integrities: {
    verified: { meaning: '标识由您所信任的、属于所载名称的密钥签署，且内容与签署时一致。', next: '' },
    content_changed: {
      meaning: '标识由您所信任的密钥签署，但内容此后被编辑过：作品出自所载的生成者，现有内容并非全部出自该生成者。',
      next: '如需知道改动之处，请向生成者索取原件。',
    },
    transplanted: {
      meaning: '签名标识属于另一内容：它被移到这里，或此内容与签署时已无相同之处（转换、重新编码）。这不说明所载生成者有任何问题。',
      next: '不要指明生成者。询问上传者内容的来源；记录库可能知道该作品（“aigc-label trace”）。',
    },
    bad_signature: {
      meaning: '签名不成立：标识被改动或伪造。这不说明所载生成者有任何问题。',
      next: '不要指明生成者；请向上传者索取原件。',
    },
    unknown_key: {
      meaning: '签署标识的密钥不在您为所载名称信任的列表中：任何人都能造出这样的密钥。',
      next: '从该生成者本身（而非文件）取得其密钥，再用 --trust 重新核验。',
    },
    revoked_key: {
      meaning: '密钥已被吊销，且没有证据表明标识是在吊销之前签署的：密钥可能曾落入他人之手。',
      next: '询问生成者，或提供其日志中该记录更早存在的证明。',
    },
    id_conflict: {
      meaning: '同一编号被用于不同的内容：其中之一是假的，或生成者出错。',
      next: '告知生成者；在此之前不要指明该生成者。',
    },
    unsigned: { meaning: '标识没有将其与此内容绑定的签名：任何人都可能把它写在这里。', next: '' },
    absent: { meaning: '文件中没有标识。', next: '如果内容由您用人工智能生成，请用 "aigc-label label" 进行标识。' },
    ambiguous: { meaning: '文件中的多个标识相互矛盾，均不予采信。', next: '用 "aigc-label inspect" 查看，并向生成者索取原始文件。' },
    malformed: {
      meaning: '文件中有标识但无法读取，或文件已损坏而无法查找标识。',
      next: '向生成者索取完好的文件；"aigc-label inspect" 可显示其中的内容。',
    },
    unsupported: { meaning: '本版本不能读取这类文件，因而无法作出任何判断。', next: '从源头转换为支持的格式，或用其他方式判断。' },
  },
  outcomes: { pass: '符合', fail: '不符合', incomplete: '需人工判断', inapplicable: '不适用' },
  deviations: {
    not_json: () => '标识不是 JSON',
    not_an_object: () => '标识不是 JSON 对象',
    too_large: () => '标识过大，无法读取',
    duplicate_field: (field) => (field === '' ? '有字段重复出现' : `字段 ${field} 重复出现`),
    wrapped: () => '标识外层多包了一个对象',
    prefixed: () => '标识之前有多余内容',
    base64: () => '标识以 base64 编码',
    double_encoded: () => '标识被重复编码',
    not_compact: () => '标识不是紧凑形式',
    field_order: () => '字段顺序与标准不符',
    missing_field: (field) => `缺少字段 ${field}`,
    misspelt_field: (field) => `字段 ${field} 拼写有误`,
    unknown_field: (field) => `${field} 不是标准规定的字段`,
    not_a_string: (field) => `字段 ${field} 不是字符串`,
    empty_field: (field) => `字段 ${field} 为空`,
    charset: (field) => `字段 ${field} 含有标准不允许的字符`,
    label_not_in_enum: () => 'Label 不是 1、2 或 3',
  },
  anomalies: {
    truncated: '文件提前结束',
    damaged: '结构自相矛盾',
    checksum: '校验和有误',
    trailing_data: '结尾之后还有数据',
    undecodable: '应含标识的文本无法解码',
    limit: '内容过大，未能读取',
    foreign_bytes: '元数据位置中有不属于元数据的字节',
    foreign_sidecar: '随文件的边车文件属于其他内容',
    duplicate_structure: '只应出现一次的结构重复出现',
  },
  signals: {
    generated_elsewhere: '其他元数据（IPTC 或 C2PA）称其全部或部分由训练所得的算法生成',
    captured_elsewhere: '其他元数据（IPTC 或 C2PA）称其由相机或麦克风采集',
    c2pa_manifest: '其中有 C2PA 清单，本工具不对其作出判断',
    emptied_carrier: '其中有标识的位置，但标识已被清空',
  },
  checks: {
    'label-present': { title: '含有隐式标识', remedy: '对文件进行标识。' },
    'label-single': { title: '标识仅有一份', remedy: '对原始文件重新标识，使其仅保留一份。' },
    'label-agreement': { title: '各份标识内容一致', remedy: '查明哪一份属实，并对原始文件重新标识。' },
    'label-wrapper': { title: '标识为裸对象，未被另一层对象包裹', remedy: '用“aigc-label repair”改写：各字段取值保持不变。' },
    'label-place': { title: '标识位于实践指南规定的位置', remedy: '用“aigc-label repair”改写：取值不变；在现有位置其他工具可能找不到它。' },
    'label-serialisation': { title: '标识的形式符合标准', remedy: '用“aigc-label repair”改写：各字段取值保持不变。' },
    'label-fields': { title: '七个字段齐全', remedy: '请生成者以字符串写全七个字段。' },
    'label-charset': { title: '字段取值符合字符范围', remedy: '请生成者使用服务提供者编码代替名称。' },
    'label-value': { title: 'Label 为 1、2 或 3', remedy: '请生成者写入“1”“2”或“3”。' },
    'producer-code': { title: '生成者编码有效', remedy: '向生成者索取正确的27位编码。' },
    'propagator-code': { title: '传播者编码有效', remedy: '向传播者索取正确的27位编码。' },
    'explicit-notice': { title: '公众可以感知到提示', remedy: '请人工查看内容之中或周边是否有提示。' },
    'signature-holds': { title: '标识有签名，且签名成立', remedy: '参见关于签名的说明；用 --trust <密钥> 可知签名属于谁。' },
    'structure-intact': { title: '文件结构完整', remedy: '如有必要，请从源头重新导出。' },
  },
  remarks: {
    content_kept: () => '除提示本身外，其余内容逐位未变',
    encoded_part: (facts) => `提示前后 ${fact(facts, 'seconds')} 秒重新编码，其余逐位未变`,
    encoded_all: (facts) => `全部重新编码（${REASONS[fact(facts, 'reason')] ?? fact(facts, 'reason')}）`,
    contrast: (facts) => `对比度 ${fact(facts, 'ratio')} : 1`,
    loudness: (facts) => `提示 ${fact(facts, 'notice')} LUFS，节目 ${fact(facts, 'programme')} LUFS`,
  },
  modalities: { text: '文本', image: '图片', audio: '音频', video: '视频' },
  labelValues: { '1': '属于', '2': '可能', '3': '疑似' },
};

/** 整体重新编码的原因。 */
const REASONS: Readonly<Record<string, string>> = {
  throughout: '提示出现在每一帧',
  container: '该封装无法直接拼接',
  codec: '该编码无法直接拼接',
  keyframe: '近处没有可独立解码的画面',
  parameters: '编码参数无法匹配',
  stream: '该码流无法精确拼接',
  short: '内容不比提示更长',
};

const INVALID: Readonly<Record<string, (field: string, value: string) => string>> = {
  empty: (field) => `${field} 不得为空。`,
  charset: (field, value) =>
    `${field} 的取值“${value}”无法写入：GB 45438-2025 附录E j) 只允许不含空格和反斜杠的可打印 ASCII 字符。请用27位编码代替名称。`,
  too_long: (field) => `${field} 过长，无法写入。`,
  enum: (field, value) => `${field} 必须为 1、2 或 3，而不是“${value}”。`,
  provider_code: (field, value) => `${field} 的取值“${value}”形似服务提供者编码，但不符合 TC260-PG-20252A：请核对27位字符和校验位。`,
};

const placeOf = (facts: Facts): string => {
  const site = fact(facts, 'site');
  const offset = fact(facts, 'offset');
  const parts = [site === '' ? '' : `位置 ${site}`, offset === '' ? '' : `字节 ${offset}`].filter((part) => part !== '');
  return parts.length === 0 ? '' : `（${parts.join('，')}）`;
};
