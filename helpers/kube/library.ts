import { registerHooks } from 'node:module';

/**
 * What is used of client-node. All of it is a thousand files, most of them the types of every API and how they are read
 * and written; here objects are plain JSON. Left out, they spare each thread 50 MB and a quarter of a second of CPU.
 */
const types = './gen/index.js';

/** What the files that are loaded take from there, by their names. */
const taken: Record<string, string> = {
  'config.js': `export { createConfiguration } from './configuration.js'; export { ServerConfiguration } from './servers.js';`,
  // what it finds the pods of Deployments and Services with: those are forwarded to by nobody here
  'portforward.js': 'export const AppsV1Api = undefined, CoreV1Api = undefined;',
};

const hooks = registerHooks({
  resolve(specifier, context, next) {
    const [, file = ''] = /\/client-node\/dist\/(\w+\.js)$/.exec(context.parentURL ?? '') ?? [];
    if (specifier !== types || !(file in taken)) return next(specifier, context);
    return { url: new URL(`./gen/index.js?for=${file}`, context.parentURL).href, shortCircuit: true };
  },
  load(url, context, next) {
    const [, file = ''] = /\/client-node\/dist\/gen\/index\.js\?for=(.*)$/.exec(url) ?? [];
    const source = taken[file];
    return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
  },
});

export const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
export type KubeConfig = InstanceType<typeof KubeConfig>;
export const { PortForward } = await import('@kubernetes/client-node/dist/portforward.js');
export const { Watch } = await import('@kubernetes/client-node/dist/watch.js');
export const { HttpMethod, RequestContext } = await import('@kubernetes/client-node/dist/gen/http/http.js');
export type RequestContext = InstanceType<typeof RequestContext>;

hooks.deregister();
