import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { parseDocument } from 'yaml';
import { Problem } from '../../cluster/problem.ts';

/**
 * Reads a YAML file that a person writes.
 * @param schema JSON Schema of what it must be; a `pattern` has a description beside it, as a noun phrase
 * @param name of the file, for messages
 * @throws Problem with all that is wrong, each by where it stands
 */
export function readYaml<T>(text: string, schema: object, name: string): T {
  const document = parseDocument(text);
  const validate = new Ajv2020({ allErrors: true, verbose: true }).compile<T>(schema);
  const syntax = document.errors.map(({ message }) => message.split('\n', 1)[0] ?? message);
  const value: unknown = syntax.length === 0 ? document.toJS() : undefined;
  if (syntax.length === 0 && validate(value)) return value;
  throw unreadable(name, [...syntax, ...(validate.errors ?? []).map(sentence)]);
}

/** @param wrong a sentence for each fault */
export const unreadable = (name: string, wrong: string[]): Problem =>
  new Problem({
    asked: `read ${name}`,
    got: wrong.join('\n  '),
    cause: 'it is not as docs/regression.md says',
    next: `mend ${name}`,
  });

function sentence({ instancePath, keyword, message, params, parentSchema, data }: ErrorObject): string {
  const where = instancePath
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? `entry ${Number(part) + 1}` : part))
    .join(', ');
  const what =
    keyword === 'pattern'
      ? `must be ${(parentSchema as { description: string }).description}, not ${JSON.stringify(data)}`
      : `${message}${keyword === 'additionalProperties' ? `: ${params.additionalProperty}` : ''}`;
  return `${where || 'the file'} ${what}`;
}
