import { ascii, concat, utf8 } from '@aigc-label/core';
import { testContent } from '@aigc-label/test-fixtures';
import { bmpFile, icoFile } from '../../test/bitmaps.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { bmp } from '../formats/bmp.ts';
import { ico } from '../formats/ico.ts';

testContent({
  format: bmp,
  fixtures: [
    {
      name: 'a bitmap',
      bytes: bmpFile(),
      edited: [
        { by: 'XMP', bytes: bmpFile(40, packetBytes()) },
        { by: 'a marker', bytes: bmpFile(40, utf8('{"AIGC":{"Label":"1"}}')) },
      ],
      changed: [
        { how: 'bytes follow', bytes: bmpFile(40, ascii('PK')) },
        { how: 'what follows is no XMP', bytes: bmpFile(40, utf8('<?xpacket begin?><html/><?xpacket end?>')) },
        { how: 'the size is wrong', bytes: bmpFile(40, undefined, 7) },
      ],
    },
    { name: 'a bitmap with a profile and a label of another maker', bytes: bmpFile(124, packetBytes(labelledDescription())) },
    {
      name: 'an old bitmap with a wrong size, and bytes around a packet',
      bytes: bmpFile(12, concat(ascii('before'), packetBytes(), ascii('behind')), 12),
    },
  ],
});

testContent({
  format: ico,
  fixtures: [
    { name: 'an icon', bytes: icoFile(), isSidecarOnly: true, changed: [{ how: 'bytes follow', bytes: icoFile(ascii('x')) }] },
    { name: 'a cursor', bytes: icoFile(undefined, 2), isSidecarOnly: true },
    { name: 'an icon with a marker', bytes: icoFile(utf8('AIGC{"Label":"1"}')), isSidecarOnly: true },
  ],
});
