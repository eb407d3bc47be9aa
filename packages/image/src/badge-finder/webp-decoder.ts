/** libwebp as WebAssembly: it decodes in this process, and can reach nothing but the memory that it is given. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import moduleFactory from '@jsquash/webp/codec/dec/webp_dec.js';

/** RGBA, rows without gaps. */
export interface DecodedWebp {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** What is used of the engine; its types belong to browsers. */
interface Engine {
  compile(wasm: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** What Emscripten's factory takes and gives, as far as it is used. */
type OpenDecoder = (options: {
  readonly noInitialRun: true;
  instantiateWasm(imports: object, isReady: (instance: { readonly exports: object }) => void): object;
}) => Promise<{ decode(webp: Uint8Array): DecodedWebp | null }>;

const { WebAssembly: engine } = globalThis as unknown as { readonly WebAssembly: Engine };
const openDecoder = moduleFactory as unknown as OpenDecoder;
let compiled: Promise<object> | undefined;

/** Decodes a still picture; `undefined` where it is damaged. Each has a decoder of its own, whose memory is given up with it, since such memory never shrinks. */
export const decodeWebp = async (webp: Uint8Array): Promise<DecodedWebp | undefined> => {
  compiled ??= readFile(createRequire(import.meta.url).resolve('@jsquash/webp/codec/dec/webp_dec.wasm')).then((wasm) => engine.compile(wasm));
  const module = await compiled;
  const decoder = await openDecoder({
    noInitialRun: true,
    instantiateWasm: (imports, isReady) => {
      const instance = new engine.Instance(module, imports);
      isReady(instance);
      return instance.exports;
    },
  });
  return decoder.decode(webp) ?? undefined;
};
