import type { WireError } from '#shared/errors';
import { Button, ErrorNotice } from './ui/index.js';

/** Why a question has no answer, with another try; nothing where it has one. */
export function AskedError({
  asked: { error, retry },
}: {
  asked: { error: WireError | null; retry: () => void };
}) {
  if (error === null) return null;
  return <ErrorNotice error={error} actions={<Button onClick={retry}>Try again</Button>} />;
}
