import { zhReasons } from './reasons.ts';
import type { FileOutcome, Words } from './words.ts';

/** 简体中文。 */
export const zh: Words = {
  reasons: zhReasons,
  help: {
    program: '为人工智能生成合成内容添加标识并核验标识（GB 45438-2025 与 2025 年《标识办法》）。',
    label: '向文件写入隐式标识，并可按需加入公众可见或可听的提示',
    verify: '逐个说明文件是否由人工智能生成、由谁声明、标识有何不符',
    inspect: '显示文件中与标识有关的全部内容，不作判断',
    repair: '将形式或位置不符的标识改写为指南规定的形式和位置，各字段取值保持不变',
    propagate: '添加平台发布时应添加的传播要素，并按《办法》第六条确定 Label',
    carry: '把原文件的标识转移到同一内容的转码文件（标识已丢失）',
    trace: '追溯文件或编号的来历：谁生成、何时、用何模型、谁传播过，以及可信程度',
    traceSubjects: '文件，或编号（ProduceID、PropagateID）',
    preview: '查看角标在图片上的效果，不写入任何标识',
    picture: 'PNG、JPEG、WebP 或 GIF 图片',
    inputs: '文件、文件夹（递归）、通配符，或 - 表示标准输入',
    labelInputs: '文件、文件夹（递归）、通配符，或 - 表示标准输入（结果写到标准输出）',
    original: '仍带有标识的原文件',
    rendition: '由它转码而来的文件',
    titles: { 'Usage:': '用法:', 'Options:': '选项：', 'Commands:': '命令：', 'Arguments:': '参数：' },
    options: {
      producer: '生成者：27位服务提供者编码或名称',
      produceId: '生成者为内容编制的编号（仅限一个文件；默认为新的 UUIDv7）',
      label: '1 属于、2 可能、3 疑似人工智能生成合成（默认 1）',
      propagator: '传播者：27位服务提供者编码或名称',
      propagateId: '传播者为内容编制的编号（仅限一个文件；默认为新的 UUIDv7）',
      suspected: '平台自身检测发现生成痕迹',
      sarif: '输出一份 SARIF 2.1.0 日志',
      out: '写入此文件夹，并保持输入的目录结构',
      outFile: '写入此文件（仅限一个文件）',
      inPlace: '以标识后的文件原子地替换原文件',
      overwrite: '允许替换已存在且内容不同的输出',
      explicit: '同时在内容中加入公众可见或可听的提示（显式标识）',
      explicitText: '提示文字，或预设名：short（默认，AI生成）、full、content、both、bilingual 等；须含“AI”或“人工智能”以及“生成”或“合成”',
      explicitFor: '加提示的内容类型：text,image,audio,video（默认全部；压缩音频和视频需要 ffmpeg）',
      badgeStyle: 'standard（默认）、light、outline、subtle、solid、large 几种样式',
      badgePosition: 'bottom-right（默认）、bottom-left、top-right、top-left、top、bottom、left、right',
      badgePlate: 'dark（默认）、light、none，或 auto：取与底下画面更接近的一种',
      badgeHeight: '文字高度占最短边的比例，0.05 至 0.5',
      badgeMargin: '距边缘的距离占最短边的比例，0 至 0.2',
      badgeOpacity: '底板的最低不透明度，0.2 至 1；对比度将低于 4.5 : 1 时自动提高',
      noticePosition: '提示在文本中的位置：start（默认）、middle、end、throughout（每页或每张幻灯片），可用逗号分隔多个',
      noticeForm: 'sentence（默认，一行文字）或 corner-mark（角标）',
      soundKind: 'speech（默认，语音）或 rhythm（节奏“短长 短短”）',
      soundLanguage: '语音提示的语言：zh（默认）、en、zh-en',
      soundClip: '自备的 WAV 语音，内容即 --explicit-text',
      soundPosition: '语音位置：start（默认）、middle、end，可用逗号分隔多个',
      videoWhen: 'opening（默认）：开头数秒；throughout：全程',
      videoAlso: '另在何处再次显示：middle、end，可用逗号分隔',
      videoSeconds: '显示秒数，2 至 60（默认 3）',
      lookForExplicit: '同时在画面和声音中查找提示；压缩音频和视频需要 ffmpeg，在单独的进程中运行',
      sign: '用您的密钥为标识和内容签名（见 “aigc-label keys”），并留存记录',
      key: '用哪个密钥签名（默认：该生成者或传播者最新的有效密钥）',
      signatureProfile: 'jws（默认），或 tc260：采用 SM2 与 SM3 的 SecurityData，须用 SM2 密钥',
      model: '生成内容的模型，仅写入记录',
      records: '记录存放处：文件、postgres:// 地址（宜写在 AIGC_LABEL_RECORDS 中）或 none（默认：您数据目录中的 records.db）',
      lookUpRecords: '同时查询此记录库（可认出标识已丢失的作品）：文件，或 postgres:// 地址（宜写在 AIGC_LABEL_RECORDS 中）',
      log: '防篡改日志的文件夹；每条记录在写文件之前先写入日志',
      logOrigin: '该日志的名称，即不带协议的网址；由同名密钥签署',
      trust: '您信任的密钥及其所属名称（JWKS 文件）；没有它，每个签名都属于未知密钥',
      onUnverified: '签名不利于标识时如何认定：suspected（默认）或 generated',
      soft: '同时签署图片的外观特征，以便区分转码与另一张图片（需解码）',
      lookForSoft: '查看签名后字节有变的图片：是同一张图片还是另一张（需解码）',
      proof: '记录在日志中的离线证明（.tlog-proof；仅限一个文件）；须同时给出 --log-key',
      logKey: '日志的公钥，由其运营者公布：名称+编号+公钥，或含有该行的文件',
      proofOut: '将记录的离线证明写入此文件（仅限一项；须给出 --log 和 --log-origin）',
      previewOut: '预览 PNG 的写入位置（默认在图片旁：NAME.preview.png）',
      name: '标准输入的文件名，用于区分 Markdown、HTML 与纯文本',
      dryRun: '只显示将要做什么，不写入任何内容',
      declared: '上传者声明这些文件由人工智能生成',
      json: '每行输出一个 JSON 对象',
      concurrency: '同时处理的文件数（默认等于处理器数）',
      config: '设置文件（默认为当前文件夹中的 aigc-label.config.yaml、.yml 或 .json）',
      lang: 'en 或 zh（默认为系统语言）',
      quiet: '只显示问题',
    },
    helpOption: '显示帮助',
    helpCommand: '显示命令的帮助',
    versionOption: '显示版本',
    kinds: (ids) => `支持的文件类型：${ids}。`,
    labelAfter: `
须在 --out、--out-file、--in-place 中指定一个（输入为 - 时不需要）。
中断后以同一命令再次运行，即从中断处继续。

退出码：
  0    全部已标识（或先前已标识）
  1    有文件因其类型或内容被拒绝，或输出已存在
  10   文件之外的错误：用法、设置、文件不存在、权限、磁盘已满
  129、130、141、143   被信号终止（挂断、Ctrl-C、管道关闭、终止）

示例：
  aigc-label label --producer 001191110000TE0T0EXA0R10001 --out labelled pictures/
  aigc-label label --in-place --explicit "articles/**/*.md"
  aigc-label label -p ExampleAI --name a.md - < a.md > labelled.md`,
    verifyAfter: `
退出码（取所有文件中最严重者）：
  0    全部文件都有标识且符合规定
  1    有文件不符合规定、已损坏，或含相互矛盾的标识；签名与文件不符（内容已变或属另一内容、签名不成立、
       密钥已吊销、编号已属另一内容；给出 --trust 时还有：密钥未知）；给出 --proof 时还有：证明不成立
  2    有文件没有标识（这绝不表示由人创作）
  3    有文件的类型无法判断
  10   文件之外的错误：用法、设置、文件不存在、权限
  129、130、141、143   被信号终止（挂断、Ctrl-C、管道关闭、终止）`,
    repairAfter: `
各字段取值与预留字段逐字节保留；取值中标准不允许的字符保持原样。

退出码：
  0    全部标识形式正确（或先前已正确）
  1    有文件因其类型或内容被拒绝（标识相互矛盾或无法读取）
  2    有文件没有标识
  10   文件之外的错误：用法、设置、文件不存在、权限、磁盘已满
  129、130、141、143   被信号终止（挂断、Ctrl-C、管道关闭、终止）`,
    propagateAfter: `
生成者的字段与 ReservedCode1 逐字节保留。元数据写明“属于”时 Label 为 1；否则用户声明时为 2；否则有痕迹时为 3。

退出码：
  0    全部文件都带有传播要素
  1    有文件因其类型或内容被拒绝
  2    有文件既无标识、声明，也无痕迹：未添加任何内容（这绝不表示由人创作）
  10   文件之外的错误：用法、设置、文件不存在、权限、磁盘已满
  129、130、141、143   被信号终止（挂断、Ctrl-C、管道关闭、终止）`,
    carryAfter: `
音频与视频由 ffmpeg 比较；依次在 AIGC_LABEL_FFMPEG 与 PATH 中查找。

退出码：
  0    转码文件带有原文件的标识
  1    被拒绝：内容不同、已有其他标识，或文件本身的原因
  2    原文件没有标识
  10   文件之外的错误：用法、设置、文件或工具不存在、权限、磁盘已满
  129、130、141、143   被信号终止（挂断、Ctrl-C、管道关闭、终止）

示例：
  aigc-label carry original.png smaller.webp --in-place`,
    traceAfter: `
退出码：
  0    每一项都有记录
  2    至少一项没有记录（这绝不表示内容由人创作）
  10   外部错误：用法、配置、文件或记录库不存在、权限

示例：
  aigc-label trace picture.png --trust keys.json
  aigc-label trace 0199f1d2-7c1e-7aaa-8bbb-123456789abc --json`,
    previewAfter: `
退出码：
  0    已写出预览
  1    无法在该图片上绘制角标
  10   外部错误：用法、设置、文件不存在、权限、磁盘已满

示例：
  aigc-label preview picture.jpg --badge-style subtle --badge-position top-left`,
    inspectAfter: `
退出码：
  0    全部文件都能查看
  1    有文件损坏到无法查看
  10   文件之外的错误：用法、设置、文件不存在、权限
  129、130、141、143   被信号终止（挂断、Ctrl-C、管道关闭、终止）`,
  },
  usage: {
    carryTakesFiles: 'carry 比较两个文件，不能从标准输入读取。',
    noPropagator: '请说明由谁传播：--propagator、环境变量 AIGC_LABEL_PROPAGATOR，或 aigc-label.config.yaml 中的 "propagator:"。',
    jsonOrSarif: '--json 与 --sarif 只能选择一个。',
    unknownOption: (option) => `没有选项 ${option}。名称以 - 开头的文件请放在 -- 之后（或写作 ./-名称）。`,
    unknownCommand: (command) => `没有命令 ${command}。可用的命令：label、verify、inspect、repair、propagate、carry、trace、preview、keys。`,
    missingArgument: (argument) => `缺少参数：${argument}。`,
    missingValue: (option) => `选项 ${option} 需要一个值。`,
    other: () => '无法理解这条命令。',
    hint: '参见 aigc-label --help。',
    noProducer: '请说明由谁生成：--producer、环境变量 AIGC_LABEL_PRODUCER，或 aigc-label.config.yaml 中的 "producer:"。',
    proofOutTakesOne: '--proof-out 仅用于一项，并须给出 --log 和 --log-origin。',
    proofNeedsKey: '--proof 与 --log-key 须同时给出；公钥应来自日志运营者，而非文件本身。',
    proofTakesOne: '--proof 是一条记录的证明：请只给一个文件。',
    notInLog: '该日志中没有它的记录：标识时未用 --log，或用的是另一份日志。',
    noLog: (folder) => `“${folder}” 中没有日志；请指明标识时 --log 所用的文件夹。`,
    needsSign: (option) => `${option} 须与签名同用：请加上 --sign（或 --key）。`,
    keyOfAnother: (keyId, name) =>
      `密钥 ${keyId} 不能为 ${name} 签名；用 “aigc-label keys list” 查看各密钥为谁签名，用 “aigc-label keys new --names ${name}” 新建。`,
    profileNeedsKey: (profile, name) =>
      profile === 'tc260'
        ? `tc260 须用 SM2 密钥；可用 “aigc-label keys new --algorithm SM2 --names ${name}” 新建。`
        : `jws 须用 Ed25519 或 ES256 密钥；可用 “aigc-label keys new --names ${name}” 新建。`,
    noFolderForRecords: (path) => `“${path}” 所在的文件夹不存在；请先建立，或用 --records 另选位置。`,
    logNeedsOrigin: '请说明日志的名称：--log-origin，或 aigc-label.config.yaml 中的 “logOrigin:”。',
    noDestination: '请说明标识后的文件写到哪里：--out 文件夹、--out-file 文件（仅限一个）或 --in-place。',
    oneDestination: '--out、--out-file 与 --in-place 只能选择一个。',
    outFileTakesOne: '--out-file 仅限一个文件；多个文件请用 --out 文件夹。',
    produceIdTakesOne: '--produce-id 仅属于一份内容；请只给一个文件，或省略此选项由每个文件各得一个编号。',
    standardInputAlone: '此处 -（标准输入）不能与其他输入混用。',
    standardInputTarget: '-（标准输入）的结果写到标准输出，或用 --out-file 指定文件。',
    terminalOutput: '结果会直接显示在终端上；请用 > 文件 或 | 命令 转出，或使用 --out-file 文件。',
    jsonNeedsFile: '--json 与标识后的文件不能同时写到标准输出；请使用 --out-file 文件。',
    outIsNoFolder: (path) => `--out 需要文件夹，而“${path}”不是文件夹。`,
    noticeRule: '提示须为一行，并含“AI”或“人工智能”以及“生成”或“合成”（GB 45438-2025 第5章）。',
    modelRule: '模型名称为 1 至 200 个可打印的 ASCII 字符。',
    nothingFound: '未找到任何文件。',
    leftOut: (count) => `已略过输出文件夹中的 ${count} 个文件。`,
  },
  label: {
    outcomes: {
      labelled: '已标识',
      updated: '已更新',
      unchanged: '未改动（标识已如此）',
      done_earlier: '先前已完成',
      refused: '已拒绝',
      not_begun: '未开始',
    },
    plans: {
      labelled: '将标识',
      updated: '将更新',
      unchanged: '将保持原样（标识已如此）',
      done_earlier: '先前已完成',
      refused: '将被拒绝',
      not_begun: '未开始',
    },
    marked: '含公众可见或可听的提示',
    beside: (path) => `写在边车文件 ${path} 中`,
    alike: (similarity) => `相似度 ${similarity}`,
    bytes: (count) => `${count} 字节`,
    summary: (counts, isDryRun) => `${isDryRun ? '未写入任何内容。预计：' : ''}${counted(counts)}。`,
    goOn: '已停止。再次运行同一命令即可从此处继续。',
  },
  verify: {
    undetermined: '无法判断',
    saidBy: '声明者',
    spreadBy: '传播者',
    organisation: (identity) => `组织，统一社会信用代码 ${identity}`,
    individual: '个人',
    number: '编号',
    howSure: '可信程度',
    signature: '签名',
    signal: '其他元数据',
    log: '日志',
    logs: { included: '证明成立：记录在该日志中', failed: '证明不成立，或属于另一条记录，或与所给日志公钥不符' },
    recovered: '记录库中为',
    rules: '规定',
    allKept: '可核验的各项均符合',
    violated: (count) => `${count} 项不符合`,
    notJudged: '未作判断：没有可供核验的标识',
    mustLook: '需人工判断',
    notices: '内容中的提示',
    positions: {
      start: '位于开头',
      middle: '位于中间',
      end: '位于末尾',
      throughout: '贯穿始终',
      'bottom-right': '位于右下角',
      'bottom-left': '位于左下角',
      'top-right': '位于右上角',
      'top-left': '位于左上角',
      top: '位于上边',
      bottom: '位于下边',
      left: '位于左边',
      right: '位于右边',
    },
    forms: { text: '文字', 'corner-mark': '角标', badge: '画面文字', speech: '语音', rhythm: '音频节奏“短长 短短”' },
    measures: {
      likeness: '相似度',
      heightRatio: '文字高度比例',
      seconds: '秒数',
      contrast: '对比度',
      charactersPerMinute: '每分钟字数',
      longToShort: '长短之比',
      atSeconds: '起始秒',
    },
    shortfall: ({ measure, found, required, clause }) => `${measure}为 ${found}，要求 ${required}（${clause}）`,
    structure: '文件结构',
    details: '细节',
    next: '下一步',
    summary: ({ labelled, violations, unlabelled, undetermined, errors }) =>
      `共 ${labelled + violations + unlabelled + undetermined + errors} 个文件：有标识且符合规定 ${labelled}，不符合规定或已损坏 ${violations}，没有标识 ${unlabelled}，无法判断 ${undetermined}，出错 ${errors}。`,
  },
  trace: {
    noRecord: '没有关于它的记录。',
    noSuchThing: '没有这个名称的文件，也没有此编号的记录。',
    howSure: '可信程度',
    certainties: {
      verified: '文件与签署时一致，由您信任的密钥签署',
      signed: '记录由您信任的密钥签署；此文件与签署时不一致，或未给出文件',
      recorded: '记录库如此记载；没有您信任的密钥的签名',
      label_only: '仅标识如此声明',
      nothing: '没有任何说明，这绝不表示内容由人创作',
    },
    record: '记录',
    producer: '生成者',
    signedAt: '签署时间',
    model: '模型',
    content: '内容',
    bytes: (count) => `${count} 字节`,
    status: '状态',
    statuses: { prepared: '已准备；其文件是否已就位不详', published: '其文件已就位', failed: '其文件未曾就位' },
    signature: '签名',
    unsigned: '未签名',
    states: {
      valid: '成立，由受信任的密钥签署',
      unknown_key: '由不受信任的密钥签署',
      revoked_key: '由已吊销的密钥签署',
      invalid: '不成立',
      malformed: '无法读取',
    },
    revokedLater: '成立，密钥此后被吊销',
    sameContent: '正是此内容',
    yes: '是',
    no: '否',
    leaf: '日志中的位置',
    keptUntil: '保存至',
    proof: (path, logKey) => `证明已写入 ${path}。核验时用 --proof 和 --log-key ${logKey}`,
    noStore: '这里没有记录库；请用 --records 指明。',
  },
  preview: {
    drawn: ({ path, pixels, percent }) => `${path}：字高 ${pixels} 像素，占最短边 ${percent}%（要求不低于 5%）`,
  },
  inspect: {
    kind: '类型',
    unknownKind: '未知',
    place: '标识应位于',
    found: (count) => (count === 0 ? '没有键名为 AIGC 的内容。' : `键名为 AIGC 的内容（${count} 处）：`),
    guidePlace: '位置正确',
    otherPlace: '位置不符',
    raw: '原文',
    structure: '文件结构',
    nothing: '没有需要注意之处',
    size: (bytes) => `${bytes} 字节`,
  },
  standardInput: '（标准输入）',
  standardOutput: '标准输出',
  error: '错误',
  stopping: '正在停止：正在写入的内容将被撤销或完成。再按一次立即结束。',
  unexpected: (summary) => `发生了不应发生的错误（${summary}）。请附上所用命令（如可行，并附上文件）反馈；设置 AIGC_LABEL_DEBUG=1 可显示更多信息。`,
  progress: '{bar} {percentage}% · 已完成 {done}/{files} 个文件 · 剩余 {eta_formatted}',
  colon: '：',
};

const counted = (counts: Readonly<Record<FileOutcome, number>>): string => {
  const names: Readonly<Record<FileOutcome, string>> = {
    labelled: '已标识',
    updated: '已更新',
    unchanged: '未改动',
    done_earlier: '先前已完成',
    refused: '已拒绝',
    not_begun: '未开始',
  };
  const parts = (Object.keys(names) as FileOutcome[]).filter((name) => counts[name] > 0).map((name) => `${names[name]} ${counts[name]}`);
  return parts.join('，');
};
