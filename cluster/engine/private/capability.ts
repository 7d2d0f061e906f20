import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paths } from './paths.ts';

const sysResource = 24n;

/**
 * Containers with `--privileged` ask for every capability the kernel knows, and fail with "unable to apply
 * caps" where this process was not given CAP_SYS_RESOURCE itself. There, returns the path of a runtime that
 * takes the capability out of each container's and exec's specification before runc reads it.
 * Returns undefined where nothing is missing.
 */
export async function runtimeWithoutSysResource(): Promise<string | undefined> {
  const status = await readFile('/proc/self/status', 'utf8');
  const bounding = BigInt(`0x${/^CapBnd:\s*(\w+)/m.exec(status)?.[1] ?? '0'}`);
  if (bounding & (1n << sysResource)) return undefined;
  const path = join(paths.bin, 'runc-without-sys-resource');
  await writeFile(
    path,
    `#!/bin/sh
spec= option=
for word in "$@"; do
  case "$option" in
    --bundle|-b) spec=$word/config.json ;;
    --process|-p) spec=$word ;;
  esac
  option=$word
done
[ -z "$spec" ] || sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$spec"
exec runc "$@"
`,
  );
  await chmod(path, 0o755);
  return path;
}
