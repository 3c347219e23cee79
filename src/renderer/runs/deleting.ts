/** Deleting moves runs to the trash at once; the message that says so brings them back. */
import { formatPlural } from '#shared/format';
import { useMessages } from '../stores/messages.js';
import { useRuns } from '../stores/runs.js';
import { reportError } from '../stores/studio.js';
import { runTitle } from '#shared/run/names';

/** @returns whether it worked; what failed is told. */
const attempt = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    (error: unknown) => {
      reportError(error);
      return false;
    },
  );

export async function deleteRuns(runIds: readonly string[]): Promise<void> {
  const { remove, restore } = useRuns.getState();
  const deleted: string[] = [];
  for (const id of runIds) if (await attempt(remove(id))) deleted.push(id);
  const [first] = deleted;
  if (first === undefined) return;
  const what = deleted.length === 1 ? runTitle(first) : formatPlural(deleted.length, 'run');
  useMessages.getState().tell(`${what} deleted.`, {
    label: 'Undo',
    run: () => void Promise.all(deleted.map((id) => attempt(restore(id)))),
  });
}
