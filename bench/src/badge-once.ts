import { readFile } from 'node:fs/promises';
import { createLabeler } from 'aigc-label';

/** Badges and labels one file, and prints the process's peak memory in bytes: VmHWM, since Linux counts what the parent held at the fork into `maxRSS`. */
const [input = '', output = ''] = process.argv.slice(2);
await createLabeler({ ContentProducer: '001191110000MA0000000H10001', explicit: true }).labelFile(input, output);
const status = await readFile('/proc/self/status', 'latin1').catch(() => '');
const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
process.stdout.write(String(Number(kibibytes) * 1024));
