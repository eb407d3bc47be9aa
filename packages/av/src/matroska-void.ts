import { type EbmlNode, rebuiltElement, voidBytes } from '@aigc-label/containers';
import { damaged, type Splice } from '@aigc-label/core';
import type { MatroskaTags } from './matroska-labels.ts';

/**
 * Labels between somebody else's tags become a Void of the same length, so that nothing moves; the label is written anew elsewhere.
 * @throws LabelError `FILE_DAMAGED` where a checksum that has to follow is of an unusual length.
 */
export const voidedLabels = ({ start, bytes, nodes, labels }: MatroskaTags, isOnlyLabels: (node: EbmlNode) => boolean): readonly Splice[] => {
  const [root] = nodes;
  const whole = (root?.children ?? []).filter((child) => child.children !== undefined && isOnlyLabels(child));
  const single = labels.map(({ node }) => node).filter((node) => !whole.some((tag) => tag.start <= node.start && node.end <= tag.end));
  const edited =
    root === undefined
      ? bytes
      : rebuiltElement(bytes, root, new Map([...whole, ...single].map((node) => [node, voidBytes(node.end - node.start)] as const)));
  if (edited.length !== bytes.length) {
    throw damaged('ebml/Segment/Tags', start, 'a CRC-32 is not four bytes long');
  }
  return differences(bytes, edited).map(({ from, to }) => ({ at: start + from, remove: to - from, insert: edited.slice(from, to) }));
};

const differences = (before: Uint8Array, after: Uint8Array): readonly { readonly from: number; readonly to: number }[] => {
  const ranges: { from: number; to: number }[] = [];
  for (let index = 0; index < before.length; index += 1) {
    if (before[index] !== after[index]) {
      const last = ranges.at(-1);
      if (last?.to === index) {
        last.to = index + 1;
      } else {
        ranges.push({ from: index, to: index + 1 });
      }
    }
  }
  return ranges;
};
