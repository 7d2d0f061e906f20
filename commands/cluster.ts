import { up } from '../cluster/up.ts';

console.log(await up());
