import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** A real browser and how to end it, or why there is none. */
export type FoundBrowser = { readonly browser: Browser; readonly end: () => Promise<void> } | { readonly reason: string };

/**
 * Chromium of this machine (AIGC_LABEL_CHROMIUM, or on the PATH), else the one that comes inside the npm package `@sparticuz/chromium`, for Linux on x64: with its own libraries
 * where the machine lacks them, and unpacked into a folder that is removed in the end.
 */
export const findBrowser = async (): Promise<FoundBrowser> => {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const own = process.env['AIGC_LABEL_CHROMIUM'] ?? onPath.find((path) => existsSync(path));
  try {
    return own === undefined || own === 'npm' ? await bundled() : await launched(own, ['--no-sandbox'], async () => {});
  } catch (error) {
    return { reason: `no browser runs here: ${String(error).split('\n')[0]}` };
  }
};

const launched = async (
  executablePath: string,
  args: readonly string[],
  release: () => Promise<void>,
  env?: NodeJS.ProcessEnv,
): Promise<FoundBrowser> => {
  const browser = await chromium.launch({
    executablePath,
    args: [...args],
    headless: true,
    ...(env === undefined ? {} : { env: env as Record<string, string> }),
  });
  const end = async (): Promise<void> => {
    await browser.close();
    await release();
  };
  return { browser, end };
};

const bundled = async (): Promise<FoundBrowser> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { reason: 'no Chromium on the PATH, and the one on npm is for Linux on x64; set AIGC_LABEL_CHROMIUM' };
  }
  const folder = await mkdtemp(join(tmpdir(), 'aigc-label-chromium-'));
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
  // The package unpacks into the folder for temporary files, with its libraries only where it believes to be on Lambda; and it changes the environment.
  const before = { ...process.env };
  try {
    Object.assign(process.env, { TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' });
    const { default: packaged } = await import('@sparticuz/chromium');
    const path = await packaged.executablePath();
    const args = packaged.args;
    restore(before);
    try {
      return await launched(path, args, release);
    } catch {
      return await launched(path, args, release, { ...before, LD_LIBRARY_PATH: join(folder, 'al2023/lib') });
    }
  } catch (error) {
    await release();
    throw error;
  } finally {
    restore(before);
  }
};

const restore = (before: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(process.env)) {
    if (!(name in before)) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, before);
};

/** What the test pages load from their own origin: the built package, its style, and a picture. */
export const fileOf = async (path: string): Promise<{ readonly contentType: string; readonly body: string } | undefined> => {
  const known = /^\/(dist\/[\w-]+\.js|aigc-notice\.css)$/.exec(path)?.[1];
  if (known !== undefined) {
    const contentType = known.endsWith('.css') ? 'text/css' : 'text/javascript';
    return { contentType, body: await readFile(join(packageFolder, known), 'utf8') };
  }
  return path === '/picture.svg' ? { contentType: 'image/svg+xml', body: PICTURE } : undefined;
};

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400" viewBox="0 0 640 400">
<defs><linearGradient id="g" x2="1" y2="1"><stop stop-color="#0b1b3b"/><stop offset=".5" stop-color="#d8452e"/><stop offset="1" stop-color="#ffe9a8"/></linearGradient></defs>
<rect width="640" height="400" fill="url(#g)"/><circle cx="470" cy="130" r="70" fill="#fff"/><path d="M0 400 180 190 330 400Z" fill="#12351f"/><path d="M220 400 430 230 640 400Z" fill="#1d5a33"/></svg>`;
