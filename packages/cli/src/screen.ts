import { once } from 'node:events';
import { styleText } from 'node:util';

/** How a piece of text is to look, where colours are wanted. */
export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red';

/** One of the two streams that people read. Whatever is written must have been made `printable`. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Writes a line, and waits while the reader is slower than we are. */
  line(text: string): Promise<void>;
  style(style: Style, text: string): string;
}

/** A stream as a screen. Colours follow NO_COLOR and FORCE_COLOR. */
export const screenOf = (stream: NodeJS.WriteStream, env: Readonly<Record<string, string | undefined>>): Screen => {
  const isTerminal = stream.isTTY === true;
  const isColoured = env['FORCE_COLOR'] !== undefined ? env['FORCE_COLOR'] !== '0' : isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return {
    isTerminal,
    line: async (text) => {
      if (!stream.write(`${text}\n`)) {
        await once(stream, 'drain');
      }
    },
    style: (style, text) => (isColoured ? styleText(style, text) : text),
  };
};
