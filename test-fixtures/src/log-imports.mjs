// Logs every module that is resolved in this process: `node --import` this file, then call printImports().
import * as nodeModule from 'node:module';

const { register, registerHooks } = nodeModule;

const urls = [];
globalThis.printImports = () => process.stdout.write(JSON.stringify(urls));

if (registerHooks !== undefined) {
  registerHooks({
    resolve(specifier, context, next) {
      const result = next(specifier, context);
      urls.push({ url: result.url, from: context.parentURL ?? '' });
      return result;
    },
  });
} else {
  const { port1, port2 } = new MessageChannel();
  const { receiveMessageOnPort } = await import('node:worker_threads');
  const hook = `
    let port;
    export const initialize = (data) => { port = data.port; };
    export const resolve = async (specifier, context, next) => { const result = await next(specifier, context); port.postMessage({ url: result.url, from: context.parentURL ?? '' }); return result; };`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`, { data: { port: port2 }, transferList: [port2] });
  globalThis.printImports = () => {
    for (let message = receiveMessageOnPort(port1); message !== undefined; message = receiveMessageOnPort(port1)) {
      urls.push(message.message);
    }
    // A pipe takes what is too large for it piece by piece.
    process.stdout.write(JSON.stringify(urls), () => process.exit(0));
  };
}
