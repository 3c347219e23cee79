/** The export that is asked for, under way or done. It goes on while its dialog is closed. */
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { toWireError, type WireError } from '#shared/errors';
import type { ExportTarget } from '#shared/codegen/types';
import type { ExportPhase, ExportResult } from '#shared/run/exported';
import type { StudioConnection } from '../client.js';
import { client } from '../transport.js';

export interface ExportRequest {
  runId: string;
  target: ExportTarget;
  path: string;
  verify: boolean;
}

export type ExportState =
  | { phase: 'choosing' }
  | { phase: 'working'; request: ExportRequest; step: ExportPhase }
  /** Something lies at the path already. */
  | { phase: 'taken'; request: ExportRequest; error: WireError }
  | { phase: 'failed'; request: ExportRequest; error: WireError }
  | { phase: 'done'; request: ExportRequest; result: ExportResult };

interface ExportsState {
  /** The run whose dialog is open. */
  openRunId: string | null;
  state: ExportState;

  /** Shows the dialog for a run; an export that is under way is shown instead of a new choice. */
  open(runId: string): void;
  close(): void;
  start(request: ExportRequest, overwrite?: boolean): Promise<void>;
  /** Back to the choice. */
  reset(): void;
}

export function createExportsStore(
  connection: Pick<StudioConnection, 'request' | 'listen'>,
): UseBoundStore<StoreApi<ExportsState>> {
  const store = create<ExportsState>()((set, get) => ({
    openRunId: null,
    state: { phase: 'choosing' },

    open(runId) {
      const { state } = get();
      if (state.phase === 'working') set({ openRunId: state.request.runId });
      else set({ openRunId: runId, state: { phase: 'choosing' } });
    },
    close: () => set({ openRunId: null }),
    async start(request, overwrite = false) {
      if (get().state.phase === 'working') return;
      set({ state: { phase: 'working', request, step: 'writing' } });
      try {
        const result = await connection.request('runs.export', { ...request, overwrite });
        set({ state: { phase: 'done', request, result } });
      } catch (thrown) {
        const error = toWireError(thrown);
        if (error.code === 'internal') console.error(thrown);
        const phase = error.code === 'export-exists' && !overwrite ? 'taken' : 'failed';
        set({ state: { phase, request, error } });
      }
    },
    reset: () => set({ state: { phase: 'choosing' } }),
  }));

  connection.listen('export.progress', ({ runId, target, phase }) =>
    store.setState(({ state }) =>
      state.phase === 'working' && state.request.runId === runId && state.request.target === target
        ? { state: { ...state, step: phase } }
        : {},
    ),
  );
  return store;
}

export const useExports = createExportsStore(client);
