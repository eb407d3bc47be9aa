import type { XmpProperty } from './xmp-property.ts';

/** The XMP property of TC260-PG-20259A (main scheme), and the forms of it that were seen in the wild (spec/labels.md §5.1, rows 1 to 6). */
export const TC260_XMP: XmpProperty = {
  namespace: 'http://www.tc260.org.cn/ns/AIGC/1.0/',
  prefix: 'TC260',
  name: 'AIGC',
  kindred: [
    'http://www.tc260.org.cn/ns/AIGC/1.0',
    'https://www.tc260.org.cn/ns/AIGC/1.0/',
    'https://www.tc260.org.cn/ns/AIGC/1.0',
    'http://ns.adobe.com/AIGC/1.0/',
  ],
  borrowed: ['http://purl.org/dc/elements/1.1/'],
  aliases: ['XmpKvBase64'],
  fields: ['Label', 'ContentProducer', 'ProduceID', 'ReservedCode1', 'ContentPropagator', 'PropagateID', 'ReservedCode2'],
};
