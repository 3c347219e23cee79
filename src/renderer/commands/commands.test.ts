import { describe, expect, it, vi } from 'vitest';
import { isMenuCommand, menuCommands, menus, runViewMenu } from '#shared/menus';
import { fuzzyScore } from './fuzzy.js';
import { keyCaps, matches, type KeyPress } from './keys.js';
import { findCommand, registerCommands, runCommand, type Command } from './registry.js';

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

describe('shortcuts', () => {
  it('are met by exactly their modifiers', () => {
    expect(matches('Mod+Z', press('z', { ctrlKey: true }))).toBe(true);
    expect(matches('Mod+Z', press('z', { metaKey: true }))).toBe(true);
    expect(matches('Mod+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false);
    expect(matches('Mod+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(true);
    expect(matches('Mod+Z', press('z'))).toBe(false);
    expect(matches('1', press('1', { altKey: true }))).toBe(false);
  });
  it('with a sign are met with the Shift that types it', () => {
    expect(matches('?', press('?', { shiftKey: true }))).toBe(true);
    expect(matches('?', press('?', { ctrlKey: true, shiftKey: true }))).toBe(false);
  });
  it('count the key where Shift or Alt types something else with it', () => {
    expect(matches('Shift+1', press('!', { code: 'Digit1', shiftKey: true }))).toBe(true);
    expect(matches('1', press('!', { code: 'Digit1', shiftKey: true }))).toBe(false);
    expect(matches('Alt+A', press('å', { code: 'KeyA', altKey: true }))).toBe(true);
  });
  it('are named as the keyboard does', () => {
    expect(keyCaps('Mod+Shift+Z')).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(keyCaps('Escape')).toEqual(['Esc']);
  });
});

describe('fuzzy search', () => {
  it('prefers the start of the title, then of a word, then letters inside', () => {
    const scores = ['LSTM', 'Bidirectional LSTM', 'Allstm'].map((title) =>
      fuzzyScore('lstm', title),
    );
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(3);
  });
  it('finds initials and keywords, and asks for every word', () => {
    expect(fuzzyScore('bl', 'Bidirectional LSTM')).toBeGreaterThan(0);
    expect(fuzzyScore('pytorch', 'Export the newest run…', 'code pytorch')).toBeGreaterThan(0);
    expect(fuzzyScore('export pony', 'Export the newest run…')).toBe(0);
    // Keywords by how they start: letters inside them, or very few, mean nothing.
    expect(fuzzyScore('torch', 'Export the newest run…', 'code pytorch')).toBe(0);
    expect(fuzzyScore('py', 'Export the newest run…', 'code pytorch')).toBe(0);
    expect(fuzzyScore('xq', 'Export the newest run…')).toBe(0);
  });
});

describe('the registry', () => {
  const command = (id: string, more: Partial<Command> = {}): Command => ({
    id,
    title: id,
    group: 'Edit',
    run: () => {},
    ...more,
  });
  it('replaces a command of the same id and forgets what is taken away', () => {
    const first = registerCommands([command('test.one', { title: 'Old' })]);
    const second = registerCommands([command('test.one', { title: 'New' })]);
    expect(findCommand('test.one')?.title).toBe('New');
    first();
    expect(findCommand('test.one')?.title).toBe('New');
    second();
    expect(findCommand('test.one')).toBeUndefined();
  });
  it('does not run what is not possible, and tells errors of now and later', async () => {
    const run = vi.fn();
    runCommand(command('test.no', { enabled: () => 'Not now.', run }), () => {});
    expect(run).not.toHaveBeenCalled();
    const onError = vi.fn();
    const failing = (): never => {
      throw new Error('at once');
    };
    runCommand(command('test.throws', { run: failing }), onError);
    runCommand(command('test.rejects', { run: () => Promise.reject(new Error('later')) }), onError);
    await Promise.resolve();
    await Promise.resolve();
    expect(onError).toHaveBeenCalledTimes(2);
  });
});

it('every command stands in one menu, and no two have the same keys', () => {
  const listed = [...Object.values(menus).flat(), ...runViewMenu].filter(isMenuCommand);
  expect([...listed].sort()).toEqual(Object.keys(menuCommands).sort());
  const keys = Object.values(menuCommands).flatMap((one) =>
    'shortcuts' in one ? one.shortcuts : [],
  );
  expect(new Set(keys).size).toBe(keys.length);
});
