import { useEffect, useState } from 'react';
import type { ProjectDocument } from '#shared/graph/document';
import { client } from '../transport.js';

/** A run's document never changes, so each is asked for once. */
const known = new Map<string, Promise<ProjectDocument>>();

function load(runId: string): Promise<ProjectDocument> {
  let document = known.get(runId);
  if (document === undefined) {
    document = client.request('runs.document', { runId });
    known.set(runId, document);
    // A failed answer is not kept: the next look asks again.
    document.catch(() => known.delete(runId));
  }
  return document;
}

/** The documents of runs, as they arrive; those that can't be read are left out. */
export function useRunDocuments(
  runIds: readonly string[],
): Readonly<Record<string, ProjectDocument>> {
  const [documents, setDocuments] = useState<Readonly<Record<string, ProjectDocument>>>({});
  const wanted = runIds.join(' ');
  useEffect(() => {
    let open = true;
    for (const runId of wanted === '' ? [] : wanted.split(' ')) {
      load(runId).then(
        (document) => {
          if (!open) return;
          setDocuments((old) => (old[runId] === document ? old : { ...old, [runId]: document }));
        },
        // The list shows the run without what its document would add.
        () => {},
      );
    }
    return () => {
      open = false;
    };
  }, [wanted]);
  return documents;
}
