/** What belongs to the window and not to a project: view, theme, devices, engine, connection, notices. */
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { StudioError, toWireError, type WireError } from '#shared/errors';
import type { DeviceChoice, DeviceReport } from '#shared/ipc/devices';
import type { EventPayload, Output } from '#shared/ipc/channel';
import type { StudioContract } from '#shared/ipc/studio';
import {
  defaultSettings,
  themeChoices,
  type Settings,
  type SettingsChange,
  type ThemeChoice,
} from '#shared/settings';
import type { ConnectionStatus, StudioConnection } from '../client.js';
import { client } from '../transport.js';

export const views = ['design', 'data', 'train', 'runs', 'playground'] as const;
export type View = (typeof views)[number];

/** What stands in a view's place without belonging to a project. */
export type Page = 'projects' | 'settings';
export type Overlay = 'palette' | 'shortcuts' | 'glossary' | 'about';

export interface Notice {
  id: number;
  error: WireError;
}

interface StudioState {
  view: View;
  /** null shows the view. */
  page: Page | null;
  /** As main keeps them, for every window and the command line. */
  settings: Settings;
  /** The file of the settings; null until main has told. */
  settingsPath: string | null;
  info: Output<StudioContract, 'app.info'> | null;
  /** Empty until the engine has answered. */
  devices: DeviceReport[];
  engine: EventPayload<StudioContract, 'engine.status'>;
  connection: ConnectionStatus;
  /** Newest last; the same error is shown once. */
  notices: Notice[];
  /** What lies over the window. */
  overlay: Overlay | null;

  /** Leaves a page. */
  setView(view: View): void;
  setPage(page: Page | null): void;
  /** Holds at once; rejects, and goes back, where main can't keep it. */
  changeSettings(change: SettingsChange): Promise<void>;
  /** Shows any thrown value as a notice with its place and hint. */
  reportError(thrown: unknown): void;
  dismiss(id: number): void;
  setOverlay(overlay: Overlay | null): void;
}

/** The last theme, for the time before main has told the settings. */
const themeKey = 'unroll.theme';

function storedTheme(): ThemeChoice {
  const stored = globalThis.localStorage?.getItem(themeKey);
  return themeChoices.find((choice) => choice === stored) ?? 'system';
}

const same = (a: WireError, b: WireError): boolean => JSON.stringify(a) === JSON.stringify(b);
let nextNotice = 1;

export const useStudio = create<StudioState>()((set, get) => ({
  view: 'design',
  page: null,
  settings: { ...defaultSettings, theme: storedTheme() },
  settingsPath: null,
  info: null,
  devices: [],
  engine: { status: 'starting', error: null },
  connection: { phase: 'connecting' },
  notices: [],
  overlay: null,

  setView: (view) => set({ view, page: null }),
  setPage: (page) => set({ page }),
  async changeSettings(change) {
    const before = get().settings;
    // A folder is checked by main first.
    set({ settings: { ...before, ...change, workspace: before.workspace } });
    try {
      set({ settings: await client.request('settings.change', change) });
    } catch (error) {
      set({ settings: before });
      throw error;
    }
  },
  reportError(thrown) {
    const error = toWireError(thrown);
    if (error.code === 'internal') console.error(thrown);
    set((state) => ({
      notices: [
        ...state.notices.filter((notice) => !same(notice.error, error)),
        { id: nextNotice++, error },
      ],
    }));
  },
  dismiss: (id) => set((state) => ({ notices: state.notices.filter((n) => n.id !== id) })),
  setOverlay: (overlay) => set({ overlay }),
}));

export const reportError = (thrown: unknown): void => useStudio.getState().reportError(thrown);

/** Changes settings from a control; where that fails, a notice says why. */
export function applySettings(change: SettingsChange): void {
  useStudio.getState().changeSettings(change).catch(reportError);
}

/** The device that a run would start on now; null while the engine has not answered. */
export function deviceInUse(devices: DeviceReport[], choice: DeviceChoice): DeviceReport | null {
  return (
    devices.find((device) => (choice === 'auto' ? device.chosen : device.id === choice)) ?? null
  );
}

/** Keeps the store in step with main. Call once. */
export function connectStudio(client: StudioConnection): void {
  const loadDevices = (): void => {
    client
      .request('app.devices', {})
      .then((devices) => useStudio.setState({ devices }), reportError);
  };
  useStudio.subscribe(({ settings: { theme } }, before) => {
    if (theme !== before.settings.theme) globalThis.localStorage?.setItem(themeKey, theme);
  });
  client.listen('settings.changed', (settings) => useStudio.setState({ settings }));
  client.listen('engine.status', (engine) => {
    useStudio.setState({ engine });
    if (engine.status === 'ready') loadDevices();
  });
  client.onStatus((connection) => {
    useStudio.setState({ connection });
    if (connection.phase !== 'open') return;
    client.request('app.info', {}).then((info) => useStudio.setState({ info }), reportError);
    client.request('settings.get', {}).then(({ settings, path, problem }) => {
      useStudio.setState({ settings, settingsPath: path });
      if (problem !== null) reportError(StudioError.fromWire(problem));
    }, reportError);
    // The engine's status events may be older than this connection; its answer says that it is ready.
    client.request('app.devices', {}).then(
      (devices) => useStudio.setState({ devices, engine: { status: 'ready', error: null } }),
      (error: unknown) =>
        useStudio.setState({ engine: { status: 'failed', error: toWireError(error) } }),
    );
  });
}

const darkQuery = '(prefers-color-scheme: dark)';

/** The theme on screen: the person's choice, or what the system asks for. */
export function useResolvedTheme(): 'light' | 'dark' {
  const theme = useStudio((state) => state.settings.theme);
  const [systemDark, setSystemDark] = useState(() => matchMedia(darkQuery).matches);
  useEffect(() => {
    const media = matchMedia(darkQuery);
    const changed = (): void => setSystemDark(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, []);
  if (theme === 'system') return systemDark ? 'dark' : 'light';
  return theme;
}
