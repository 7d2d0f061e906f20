import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { retry } from 'zx';
import { Kube } from '../../helpers/kube/client.ts';
import type { Engine } from '../engine/engine.ts';
import { connection, node } from '../kind/kind.ts';
import { shell } from '../shell.ts';
import type { AuditEvent } from './events.ts';

const folder = '/etc/kubernetes/audit';
const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const before = '/etc/kubernetes/kube-apiserver-before-audit.yaml';

/** Milliseconds that an API server has to start anew. */
const restart = 120_000;

/** Milliseconds after which the controllers, MetalLB's among them, have found it again. */
const recovery = 30_000;

interface StaticPod {
  spec: {
    containers: { command: string[]; volumeMounts: object[] }[];
    volumes: object[];
  };
}

/**
 * Has the managed cluster's API server write down what a user asks for while `work` goes on. The API server starts anew
 * before and after it.
 * @param user by the name that the API server knows
 * @returns the requests, in their order
 */
export async function audit(engine: Engine, user: string, work: () => Promise<void>): Promise<AuditEvent[]> {
  const inNode = (command: string, input = '') =>
    shell('audit', engine.env)({ input })`${engine.cli} exec -i ${node} sh -c ${command}`;
  const policy = {
    apiVersion: 'audit.k8s.io/v1',
    kind: 'Policy',
    omitStages: ['RequestReceived', 'ResponseStarted'],
    rules: [{ level: 'Metadata', users: [user] }, { level: 'None' }],
  };
  await inNode(`mkdir -p ${folder}; rm -f ${folder}/*.log; cat > ${folder}/policy.yaml`, stringify(policy));
  // one that is left from an interrupted audit is the true one
  await inNode(`test -f ${before} || cp ${manifest} ${before}`);
  const pod = parse((await inNode(`cat ${before}`)).stdout) as StaticPod;
  const [server] = pod.spec.containers;
  server?.command.push(
    `--audit-policy-file=${folder}/policy.yaml`,
    `--audit-log-path=${folder}/audit.log`,
    '--audit-log-maxsize=500',
  );
  server?.volumeMounts.push({ name: 'audit', mountPath: folder });
  pod.spec.volumes.push({ name: 'audit', hostPath: { path: folder } });
  try {
    // moved at once: the kubelet reads half a file as a mistake
    await inNode(`cat > ${folder}/pod && mv ${folder}/pod ${manifest}`, stringify(pod));
    await started(`grep -q audit-log-path /proc/$(pidof kube-apiserver)/cmdline`);
    await work();
  } finally {
    await inNode(`mv ${before} ${manifest}`);
    await started(`! grep -q audit-log-path /proc/$(pidof kube-apiserver)/cmdline`);
  }
  const { stdout } = await inNode(`cat ${folder}/audit.log`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent);

  async function started(check: string): Promise<void> {
    await inNode(
      `timeout ${restart / 1_000} sh -c 'until pidof kube-apiserver && ${check}; do sleep 1; done'`,
    );
    const kube = new Kube(connection);
    try {
      // before it is ready it forbids what it will allow
      await retry(restart / 1_000, '1s', () => kube.send('GET', '/readyz', { as: 'text' }));
      await pause(recovery);
    } finally {
      await kube.close();
    }
  }
}
