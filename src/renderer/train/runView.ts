/** How the training view shows a run: asked for by its switches, the View menu, the palette and keys. */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { RunEntry } from '#shared/ipc/studio';
import { runViewMenu, type RunViewCommandId } from '#shared/menus';
import { checkpointOf } from '#shared/run/state';
import { menuCommand, registerCommands, type Doing } from '../commands/registry.js';
import { hasWeights } from './runFacts.js';

export type RunTab = 'curves' | 'results' | 'gradients';

export const runTabTitles: Record<RunTab, string> = {
  curves: 'Curves',
  results: 'Results',
  gradients: 'Gradients',
};

interface RunView {
  tab: RunTab;
  /** Weight of the moving average of the training curves; 0 draws them as they are. */
  smoothing: number;
  /** Of the loss. */
  scale: 'linear' | 'log';
  /** What the epoch axis shows. */
  range: 'fit' | 'whole';
}

/** Stays as it is from run to run. */
export const useRunView = create<RunView>(() => ({
  tab: 'curves',
  smoothing: 0.9,
  scale: 'linear',
  range: 'fit',
}));

export const setRunView: (change: Partial<RunView>) => void = useRunView.setState;

/** What can be seen of a run: gradients need a checkpoint, results its weights at the end. */
export function runTabs(run: RunEntry): readonly RunTab[] {
  if (hasWeights(run)) return tabsOnceTrained;
  return (checkpointOf(run.state) ?? 0) > 0 ? tabsWithCheckpoint : tabsBefore;
}
const tabsOnceTrained = ['curves', 'results', 'gradients'] as const;
const tabsWithCheckpoint = ['curves', 'gradients'] as const;
const tabsBefore = ['curves'] as const;

/** The chosen one where the run has it. */
export const shownTab = (chosen: RunTab, tabs: readonly RunTab[]): RunTab =>
  tabs.includes(chosen) ? chosen : 'curves';

/** Each smooths over about twice as many steps as the one before. */
const smoothings = [0, 0.5, 0.8, 0.9, 0.95, 0.975, 0.99];

/** @param by 1 smooths more, −1 less; the ends stay. */
export const nextSmoothing = (now: number, by: 1 | -1): number =>
  (by > 0
    ? smoothings.find((value) => value > now)
    : smoothings.findLast((value) => value < now)) ?? now;

/** Of the run on screen, while it is. @param tabs the same list while it does not change */
export function useRunViewCommands(tabs: readonly RunTab[]): void {
  useEffect(() => {
    const tab = (): RunTab => shownTab(useRunView.getState().tab, tabs);
    const go = (by: 1 | -1): Doing => ({
      keywords: 'curves results gradients switch',
      enabled: () => tabs.length > 1 || 'There is nothing but curves yet.',
      run: () =>
        setRunView({
          tab: tabs[(tabs.indexOf(tab()) + by + tabs.length) % tabs.length] ?? 'curves',
        }),
    });
    const onCurves = (doing: Doing): Doing => ({
      ...doing,
      enabled: () =>
        tab() === 'curves' ? (doing.enabled?.() ?? true) : 'The curves are not shown.',
    });
    const smooth = (by: 1 | -1): Doing =>
      onCurves({
        keywords: 'smoothing moving average noise',
        enabled: () => {
          const { smoothing } = useRunView.getState();
          if (nextSmoothing(smoothing, by) !== smoothing) return true;
          return by > 0 ? 'They are smoothed the most.' : 'They are not smoothed.';
        },
        run: () => setRunView({ smoothing: nextSmoothing(useRunView.getState().smoothing, by) }),
      });
    const scale = (wanted: RunView['scale']): Doing =>
      onCurves({
        keywords: 'logarithmic axis chart',
        checked: () => useRunView.getState().scale === wanted,
        run: () => setRunView({ scale: wanted }),
      });
    const range = (wanted: RunView['range']): Doing =>
      onCurves({
        keywords: 'axis range planned chart',
        checked: () => useRunView.getState().range === wanted,
        run: () => setRunView({ range: wanted }),
      });
    const doings: Record<RunViewCommandId, Doing> = {
      'curves.next-tab': go(1),
      'curves.previous-tab': go(-1),
      'curves.smoother': smooth(1),
      'curves.rougher': smooth(-1),
      'curves.raw': onCurves({
        keywords: 'smoothing none zero noise',
        checked: () => useRunView.getState().smoothing === 0,
        run: () => setRunView({ smoothing: 0 }),
      }),
      'curves.linear': scale('linear'),
      'curves.log': scale('log'),
      'curves.fit': range('fit'),
      'curves.whole': range('whole'),
    };
    return registerCommands(
      runViewMenu
        .filter((id) => id !== 'separator')
        .map((id) => menuCommand(id, 'View', doings[id])),
    );
  }, [tabs]);
}
