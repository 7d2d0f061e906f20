import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { shellWord } from '../../cluster/preflight/connection.ts';
import { masked, withoutSecrets } from '../../reports/secrets.ts';
import { inDependencyOrder } from '../kube/apply.ts';
import type { Manifest } from '../kube/manifests.ts';
import type { KubeObject, Ref } from '../kube/objects.ts';
import { RUN_LABEL } from '../labels.ts';
import { endpointsWanted } from '../setup/endpoints.ts';
import type { Fixtures } from '../setup/setup.ts';
import { type CertificatePlan, certificatePlan, clientPlan } from '../tls/certificates.ts';
import type { Request } from '../traffic/request.ts';

import { clientFiles } from './request.ts';

/** What a script shows. */
export interface Shown {
  /** What was asked, what had to come, and what came, in a line each. */
  asked: string;
  wanted: string;
  got: string;
  question: Question;
}

/** How a script asks. */
export interface Question {
  /** Its functions and variables. @param where the Deployment is that a case calls so */
  definitions: (where: (called: string) => string) => string[];
  tls?: Request['tls'];
  /** How it gets there; left out: it asks the API server alone. */
  to?:
    | { addressOf: Ref; port: number }
    | { forward: { namespace: string; name: string }; port: number | string }
    | undefined;
  /** The function of body.sh that asks and ends the script, with its arguments. */
  call: string;
}

/** A script that runs the case itself: for what no other program asks so. */
export const rerunScript = (id: string, context: string, why: string): string => `#!/usr/bin/env bash
# ${id}
# ${why}: this runs the case once more. To be started in a clone of the project, whose
# reports/out it empties: copy what you still need.
set -eu
exec npm test -- --context "\${CONTEXT:-${context}}" ${shellWord(id)}
`;

/**
 * A script that anyone can run who has bash, curl, kubectl and openssl: it applies the fixtures as the case had them,
 * with certificates made anew, asks, prints what was wanted and what came, and deletes what it made. It ends with 0 when
 * that is right, with 1 when it is not, with 2 when it could not be asked.
 */
export async function reproScript(
  id: string,
  context: string,
  fixtures: Fixtures,
  { asked, wanted, got, question }: Shown,
): Promise<string> {
  const { definitions, tls, to, call } = question;
  const objects = fixtures.manifests.map((manifest) => ({
    ...manifest,
    object: unlabelled(manifest.object),
  }));
  const spaces = objects.filter(({ object }) => object.kind === 'Namespace');
  const slices = objects.filter(({ object }) => endpointsWanted(object) !== undefined);
  const planned = objects.map((manifest) => ({ manifest, plan: certificatePlan(manifest) }));
  const others = planned.filter(
    ({ manifest, plan }) => !plan && !spaces.includes(manifest) && !slices.includes(manifest),
  );
  const scoped = others.map(({ manifest }) => manifest.object).filter(({ metadata }) => !metadata.namespace);
  const hides = others.some(({ manifest: { object } }) => textOf(object).includes(WITHHELD));
  const where = (called: string): string =>
    fixtures.backends.find((each) => each.called === called)?.at ?? called;
  return [
    '#!/usr/bin/env bash',
    `# ${id}`,
    '# Applies the fixtures of the case, asks what came out wrong, and deletes what it made. It takes bash, curl, kubectl',
    '# and openssl; CONTEXT names another context. It ends with 0 when all is as wanted, with 1 when it is not.',
    ...(hides
      ? [`# "${WITHHELD}" stands for a credential, which no report keeps: where it matters put it in.`]
      : []),
    'set -euo pipefail',
    `readonly context=${shellWord(context)}`,
    `readonly asked=${shellWord(masked(asked))}`,
    `readonly wanted=${shellWord(masked(wanted))}`,
    `readonly run_got=${shellWord(masked(got))}`,
    `readonly backends=(${fixtures.backends.map(({ at }) => shellWord(at)).join(' ')})`,
    await readFile(new URL('body.sh', import.meta.url), 'utf8'),
    ...definitions(where),
    '',
    `own ${[...spaces.map(({ object }) => object), ...scoped].map(resourceOf).map(shellWord).join(' ')}`,
    applied(spaces),
    ...(tls ? ['authority trusted'] : []),
    ...(tls?.clientCertificate
      ? [certificateLine(clientFiles(tls.clientCertificate), clientPlan(tls.clientCertificate))]
      : []),
    ...planned.flatMap(({ manifest, plan }, at) =>
      plan ? filledLines(manifest.object, plan, `c${at}`) : [],
    ),
    applied(inDependencyOrder(others.map(({ manifest }) => manifest)).flat()),
    ...fixtures.deployments.map(({ namespace, name }) => `ready ${shellWord(namespace)} ${shellWord(name)}`),
    ...slices.map(({ object }) => fillingLine(object)),
    ...(to ? wayLines(to) : []),
    call,
    '',
  ].join('\n');
}

/** An EndpointSlice that gets the addresses of the script's own pods. */
function fillingLine(object: KubeObject): string {
  const { namespace = '' } = object.metadata;
  const words = [namespace, endpointsWanted(object) ?? '', object.addressType === 'IPv6' ? '6' : '4'];
  return `filling ${words.map(shellWord).join(' ')} <<'MANIFEST'\n${textOf(object)}MANIFEST`;
}

/** A sweep of a later run would take it for what a dead run left. */
function unlabelled(object: KubeObject): KubeObject {
  const { [RUN_LABEL]: _, ...labels } = object.metadata.labels ?? {};
  return { ...object, metadata: { ...object.metadata, labels } };
}

const resourceOf = ({ apiVersion, kind, metadata: { name } }: KubeObject): string => {
  const [group, version] = apiVersion.split('/');
  return `${kind.toLowerCase()}${version ? `.${version}.${group}` : ''}/${name}`;
};

const applied = (manifests: Manifest[]): string =>
  `apply <<'MANIFESTS'\n${manifests.map(({ object }) => textOf(object)).join('---\n')}MANIFESTS`;

/** What stands for a credential, where an API takes no "…". */
const WITHHELD = 'withheld';

/** What of a Secret is nobody's. */
const open = new Set(['tls.crt', 'ca.crt']);

function textOf(object: KubeObject): string {
  const { data, stringData } = object;
  const kept = (values: unknown, instead: string): unknown =>
    object.kind !== 'Secret' || !values
      ? values
      : Object.fromEntries(
          Object.entries(values).map(([name, value]) => [name, open.has(name) ? value : instead]),
        );
  const safe = withoutSecrets({
    ...object,
    ...(data !== undefined && { data: kept(data, Buffer.from(WITHHELD).toString('base64')) }),
    ...(stringData !== undefined && { stringData: kept(stringData, WITHHELD) }),
  });
  return stringify(safe, { lineWidth: 0 }).replaceAll('…', WITHHELD);
}

const certificateLine = (file: string, { by, key, use, expired, name, hosts }: CertificatePlan): string =>
  ['certificate', file, by, key, use, expired ? 'expired' : 'valid', name, hosts.join(',')]
    .map(shellWord)
    .join(' ');

function filledLines({ kind, metadata, type }: KubeObject, plan: CertificatePlan, file: string): string[] {
  const files: Record<string, string> = {
    'tls.crt': `${file}.crt`,
    'tls.key': `${file}.key`,
    'ca.crt': `${plan.by}.crt`,
  };
  const { name, namespace = '' } = metadata;
  const kept = Object.entries(plan.kept).map(([key, text], at) => ({ key, text, file: `${file}.${at}` }));
  return [
    ...(plan.empty.includes('tls.crt') ? [certificateLine(file, plan)] : [`authority ${plan.by}`]),
    ...kept.map(({ text, file: to }) => `printf %s ${shellWord(text)} >"$work/${to}"`),
    [
      'filled',
      kind === 'Secret' ? 'secret' : 'configmap',
      ...[namespace, name, typeof type === 'string' ? type : 'Opaque'].map(shellWord),
      ...plan.empty.map((field) => shellWord(`${field}=${files[field]}`)),
      ...kept.map(({ key, file: to }) => shellWord(`${key}=${to}`)),
    ].join(' '),
  ];
}

function wayLines(to: NonNullable<Question['to']>): string[] {
  if ('forward' in to) {
    const { namespace, name } = to.forward;
    return [`forward ${shellWord(namespace)} ${shellWord(name)} ${shellWord(String(to.port))}`];
  }
  const { kind, apiVersion, namespace = '', name } = to.addressOf;
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  const path =
    kind === 'Service'
      ? '{.status.loadBalancer.ingress[0].ip}{.status.loadBalancer.ingress[0].hostname}'
      : '{.status.addresses[0].value}';
  const words = [`${kind.toLowerCase()}${group}`, namespace, name, path].map(shellWord);
  return [`address ${words.join(' ')}`, `port=${to.port}`];
}
