import { labelOnce } from './large-file.ts';

const [input = '', output = ''] = process.argv.slice(2);
await labelOnce(input, output);
