import { Command, Option } from 'commander';
import { diagnoseCluster } from '../cluster/doctor/index.ts';
import { diagnoseManaged } from '../cluster/doctor/managed.ts';
import { down } from '../cluster/down.ts';
import { defaultKubeconfig } from '../cluster/preflight/connection.ts';
import { status } from '../cluster/status.ts';
import { up } from '../cluster/up.ts';
import { runCommand } from './run-command.ts';

const program = new Command('npm run cluster --').description(
  'The managed kind cluster that npm test uses by default.',
);

program
  .command('up')
  .description('bring it up, doing only what is missing')
  .addOption(
    new Option('--images <where>', 'where images come from')
      .choices(['auto', 'registry', 'source'])
      .default('auto'),
  )
  .addOption(
    new Option('--channel <channel>', 'of the Gateway API CRDs, where none are installed').choices([
      'standard',
      'experimental',
    ]),
  )
  .option('--kubernetes <version>', 'of the node, where images come from registries: v1.35.0')
  .action(async (options) => {
    const { context, kubeconfig } = await up(options);
    console.log(`ready: context ${context}, kubeconfig ${kubeconfig}`);
  });

program
  .command('status')
  .description('versions, image source, addresses, health, time of each step')
  .action(async () => {
    for (const [label, value] of await status()) console.log(`${label.padEnd(32)} ${value}`);
  });

program
  .command('doctor')
  .description('what is wrong, and the next command to type')
  .option('--context <name>', 'an existing cluster instead of the managed one')
  .option('--gateway-class <name>', 'GatewayClass to look at in an existing cluster', 'istio')
  .action(async ({ context, gatewayClass }) => {
    const findings = context
      ? await diagnoseCluster({ kubeconfig: defaultKubeconfig(), context }, { gatewayClass })
      : await diagnoseManaged();
    for (const { wrong, evidence, next } of findings)
      console.log([wrong, ...evidence.map((line) => `  ${line}`), `  next: ${next}`, ''].join('\n'));
    console.log(findings.length === 0 ? 'nothing wrong was found' : `${findings.length} found`);
    if (findings.length > 0) process.exitCode = 1;
  });

program
  .command('down')
  .description('take away all that up made; builds and images stay in the cache')
  .action(async () => {
    const gone = await down();
    console.log(gone.length === 0 ? 'nothing was up' : `gone: ${gone.join('; ')}`);
  });

await runCommand(program);
