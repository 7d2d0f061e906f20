import type { Failure } from '../../reports/run.ts';
import type { Diagnosis } from './diagnosis.ts';

/** A diagnosis as a failure's cause in the reports; of none, what was thought of before. */
export const noted = (
  diagnosis: Diagnosis | undefined,
  otherwise: string,
): Pick<Failure, 'cause' | 'diagnosis'> =>
  diagnosis
    ? {
        cause: diagnosis.says,
        diagnosis: { id: diagnosis.cause, evidence: diagnosis.evidence, next: diagnosis.next },
      }
    : { cause: otherwise };
