/** Other processes of this machine. */
import { hasCode } from './files.js';

/** Whether there is a process with this id; it may be another than the one that had it once. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}
