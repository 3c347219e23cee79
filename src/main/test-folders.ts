/** For tests: folders that go away by themselves, and disks that can't be written. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type OnFinished = (clean: () => void | Promise<void>) => void;

export async function temporaryFolder(onFinished: OnFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'unroll-test-'));
  onFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

const isRoot = process.getuid?.() === 0;

/** Whether a small disk can be mounted: on Linux as root. */
export const canMount =
  isRoot &&
  process.platform === 'linux' &&
  (() => {
    try {
      execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();

/** A file system of its own, to be used with `canMount`; `options` as of mount. */
export async function mountDisk(
  parent: string,
  options: string,
  onFinished: OnFinished,
): Promise<string> {
  const disk = join(parent, 'disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]);
  onFinished(() => void execFileSync('umount', ['-l', disk]));
  return disk;
}

/** A folder without write permission. Permissions don't stop root: there it is a disk mounted read-only. */
export async function readOnlyFolder(parent: string, onFinished: OnFinished): Promise<string> {
  if (isRoot) return mountDisk(parent, 'ro', onFinished);
  const folder = join(parent, 'read-only');
  await mkdir(folder);
  await chmod(folder, 0o555);
  onFinished(() => chmod(folder, 0o755));
  return folder;
}
