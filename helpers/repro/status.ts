import { shellWord } from '../../cluster/preflight/connection.ts';
import type { Reported, StatusPart, StatusView } from '../gateway/views.ts';
import { compareFunction, differs } from './wanted.ts';

/** A line for each condition, and one more for each that is of an older generation than the object. */
const conditions =
  '{{range .conditions}}condition{{"\\t"}}{{.type}}{{"\\t"}}{{.status}}{{if .reason}} {{.reason}}{{end}}' +
  '{{if ne (printf "%v" .observedGeneration) (printf "%v" $at)}} (of generation {{.observedGeneration}}, the object is at {{$at}})' +
  '{{"\\n"}}outdated{{"\\t"}}{{.type}}{{end}}{{"\\n"}}{{end}}';

const line = (fact: string, value: string): string => `${fact}{{"\\t"}}${value}{{"\\n"}}`;

/** Whatever part has them. */
const facts = [
  conditions,
  `{{range .addresses}}${line('addresses', '{{or .type "IPAddress"}} {{.value}}')}{{end}}`,
  `{{range .listeners}}${line('listeners', '{{.name}}')}{{end}}`,
].join('');

const ofListener = [
  conditions,
  line('attachedRoutes', '{{.attachedRoutes}}'),
  `{{range .supportedKinds}}${line('supportedKinds', '{{if and .group (ne .group "gateway.networking.k8s.io")}}{{.group}}/{{end}}{{.kind}}')}{{end}}`,
].join('');

const ofIngress = `{{with .loadBalancer}}{{range .ingress}}${line('addresses', '{{or .ip .hostname}}')}{{end}}{{end}}`;

const of = (text: string): string => `{{$at := .metadata.generation}}{{with .status}}${text}{{end}}`;

/** What kubectl's go-template prints of a part of a status: a fact a line, with a tab after its name. */
function statusTemplate(part: StatusPart): string {
  if (part === 'whole') return of(facts);
  if (part === 'load balancer') return of(ofIngress);
  if ('listener' in part)
    return of(`{{range .listeners}}{{if eq .name "${part.listener}"}}${ofListener}{{end}}{{end}}`);
  const { list, gateway, defaultNamespace, sectionName } = part;
  const ref = list === 'parents' ? '.parentRef' : '.ancestorRef';
  const fits = [
    `(eq ${ref}.name "${gateway.name}")`,
    `(eq (or ${ref}.namespace "${defaultNamespace}") "${gateway.namespace}")`,
    ...(sectionName === undefined ? [] : [`(eq (or ${ref}.sectionName "") "${sectionName}")`]),
  ];
  return of(`{{range .${list}}}{{if and ${fits.join(' ')}}}${conditions}{{end}}{{end}}`);
}

const lists = ['attachedRoutes', 'supportedKinds', 'outdated', 'addresses', 'listeners'] as const;

/** The function `compare` of a script that looks at a status, and the call that looks. */
export function statusLines(
  { ref, part }: Pick<StatusView, 'ref' | 'part'>,
  expected: Partial<Reported>,
): { definitions: string[]; call: string } {
  const compared = [
    ...Object.entries(expected.conditions ?? {}).map(([type, said]) =>
      // a status alone is one of any reason
      differs(
        type,
        `$(condition ${shellWord(type)})`,
        said === null || said.includes(' ') ? said : new RegExp(`^${said}( [^ ]+)?$`),
      ),
    ),
    ...lists.flatMap((fact) => {
      const value = expected[fact];
      if (value === undefined) return [];
      const all = [value].flat().map(String).toSorted();
      return [differs(fact, `$(fact ${fact})`, all.length === 0 ? null : all.join(' and '))];
    }),
  ];
  const [group, version] = ref.apiVersion.split('/');
  const resource = `${ref.kind.toLowerCase()}${version === undefined ? '' : `.${version}.${group}`}`;
  const words = [resource, ref.name, ref.namespace ?? '', statusTemplate(part)].map(shellWord);
  return { definitions: [compareFunction(compared)], call: `watch_status ${words.join(' ')}` };
}
