import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExifTool } from 'exiftool-vendored';

/** exiftool, kept open, taught the TC260 namespace: the rival. */
export interface Rival {
  /** Writes the label as XMP into a new file. */
  write(input: string, output: string, value: string): Promise<void>;
  /** Reads everything that it finds in a file, unknown tags too. */
  read(path: string): Promise<unknown>;
  end(): Promise<void>;
}

const CONFIG = `%Image::ExifTool::UserDefined = (
  'Image::ExifTool::XMP::Main' => { TC260 => { SubDirectory => { TagTable => 'Image::ExifTool::UserDefined::TC260' } } },
);
%Image::ExifTool::UserDefined::TC260 = (
  GROUPS => { 0 => 'XMP', 1 => 'XMP-TC260', 2 => 'Other' },
  NAMESPACE => { 'TC260' => 'http://www.tc260.org.cn/ns/AIGC/1.0/' },
  WRITABLE => 'string',
  AIGC => { },
);
1;
`;

/** Starts exiftool with its own configuration below `folder`. */
export const startExiftool = async (folder: string): Promise<Rival> => {
  const home = join(folder, 'exiftool-home');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, '.ExifTool_config'), CONFIG);
  const exiftool = new ExifTool({ maxProcs: 1, taskTimeoutMillis: 120_000, exiftoolEnv: { EXIFTOOL_HOME: home } });
  return {
    async write(input, output, value) {
      await exiftool.write(input, { 'XMP-TC260:AIGC': value } as never, { writeArgs: ['-o', output] });
    },
    read: (path) => exiftool.readRaw(path, { readArgs: ['-u', '-api', 'largefilesupport=1', '-AIGC', '-XMP-TC260:AIGC', '-Unknown_AIGC'] }),
    end: () => exiftool.end(),
  };
};
