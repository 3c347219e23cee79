import { Menu } from '@mantine/core';
import { themeChoices, themeTitles, type ThemeChoice } from '#shared/settings';
import { applySettings, useStudio, views, type View } from '../stores/studio.js';
import { shortcutText } from '../commands/keys.js';
import { useProject } from '../stores/project.js';
import { Icon, IconButton, type IconName, menuClasses } from '../ui/index.js';
import styles from './shell.module.css';

const entries: Record<View, { label: string; icon: IconName }> = {
  design: { label: 'Design', icon: 'design' },
  data: { label: 'Data', icon: 'data' },
  train: { label: 'Train', icon: 'train' },
  runs: { label: 'Runs', icon: 'runs' },
  playground: { label: 'Playground', icon: 'playground' },
};

const themeIcons: Record<ThemeChoice, IconName> = { system: 'system', light: 'sun', dark: 'moon' };

function ThemeMenu() {
  const theme = useStudio((state) => state.settings.theme);
  return (
    <Menu position="right-end" classNames={menuClasses} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <IconButton
          label={`Theme: ${themeTitles[theme]}`}
          icon={<Icon name={themeIcons[theme]} />}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {themeChoices.map((choice) => (
          <Menu.Item
            key={choice}
            leftSection={<Icon name={themeIcons[choice]} />}
            rightSection={choice === theme ? <Icon name="check" /> : null}
            onClick={() => applySettings({ theme: choice })}
          >
            {themeTitles[choice]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function Rail() {
  const loaded = useProject((state) => state.document !== null);
  const view = useStudio((state) => (loaded && state.page === null ? state.view : null));
  const setView = useStudio((state) => state.setView);
  const settingsShown = useStudio((state) => state.page === 'settings');
  const setPage = useStudio((state) => state.setPage);
  return (
    <nav className={styles.rail} aria-label="Views">
      {views.map((name) => (
        <button
          key={name}
          type="button"
          className={styles.railItem}
          disabled={!loaded}
          aria-current={name === view ? 'page' : undefined}
          onClick={() => setView(name)}
        >
          <Icon name={entries[name].icon} size={18} />
          {entries[name].label}
        </button>
      ))}
      <div className={styles.railEnd}>
        <ThemeMenu />
        <IconButton
          label="Settings"
          shortcut={shortcutText('Mod+,')}
          icon={<Icon name="settings" />}
          pressed={settingsShown}
          onClick={() => setPage(settingsShown ? null : 'settings')}
        />
      </div>
    </nav>
  );
}
