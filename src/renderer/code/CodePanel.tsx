import { Tabs } from '@mantine/core';
import type { CodeFile } from '#shared/codegen/types';
import type { GraphNode } from '#shared/graph/document';
import { formatPlural } from '#shared/format';
import { showProblem } from '../problems/show.js';
import { codeTargets, useCode, type CodeTarget } from '../stores/code.js';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { downloadText } from '../ui/files.js';
import { Button, CopyButton, EmptyState, Icon, IconButton, Select } from '../ui/index.js';
import styles from './code.module.css';
import { CodeView } from './CodeView.js';
import { mainFile } from './lines.js';
import { useGeneratedCode, type GeneratedCode } from './useGeneratedCode.js';

const titles: Record<CodeTarget, string> = {
  pytorch: 'PyTorch',
  keras: 'Keras',
  typescript: 'TypeScript',
};

const toTarget = (value: string | null): CodeTarget | undefined =>
  codeTargets.find((target) => target === value);

function pick(node: string): void {
  useProject.getState().select({ nodes: [node] });
  useDesign.getState().bringIntoView(node);
}

/** The network on the canvas as code, written anew at every change. */
export default function CodePanel() {
  const target = useCode((state) => state.target);
  const setTarget = useCode((state) => state.setTarget);
  const chosen = useCode((state) => state.files[target]);
  const code = useGeneratedCode(target);
  const file = code.files?.find(({ path }) => path === chosen) ?? mainFile(code.files ?? []);
  return (
    <Tabs
      className={styles.panel}
      value={target}
      onChange={(value) => setTarget(toTarget(value) ?? target)}
    >
      <div className={styles.head}>
        <Tabs.List className={styles.tabList} aria-label="Framework">
          {codeTargets.map((one) => (
            <Tabs.Tab key={one} value={one} className={styles.tab}>
              {titles[one]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <IconButton
          label="Close the code"
          icon={<Icon name="close" />}
          onClick={() => useCode.getState().setOpen(false)}
        />
      </div>
      <Tabs.Panel value={target} className={styles.body}>
        {file !== null && <FileBar files={code.files ?? []} file={file} target={target} />}
        <Stopped code={code} />
        {file !== null && <LinkedCode file={file} target={target} stale={code.stopped !== null} />}
      </Tabs.Panel>
    </Tabs>
  );
}

/** Undefined where none is, or it was just deleted. */
function useHoveredBlock(): GraphNode | undefined {
  const hovered = useCode((state) => state.hovered);
  return useProject((state) => state.document?.graph.nodes.find(({ id }) => id === hovered));
}

function FileBar({
  files,
  file,
  target,
}: {
  files: readonly CodeFile[];
  file: CodeFile;
  target: CodeTarget;
}) {
  const setFile = useCode((state) => state.setFile);
  const pointedAt = useHoveredBlock();
  return (
    <div className={styles.bar}>
      <div className={styles.files}>
        <Select
          bare
          label="File"
          value={file.path}
          choices={files.map(({ path }) => ({ value: path, label: path }))}
          onChange={(path) => setFile(target, path)}
        />
      </div>
      <span className={styles.about}>
        {pointedAt?.name ?? formatPlural(file.text.split('\n').length - 1, 'line')}
      </span>
      <CopyButton text={file.text} label={`Copy ${file.path}`} />
      <IconButton
        label={`Save ${file.path}`}
        icon={<Icon name="download" />}
        onClick={() => downloadText(file.path.split('/').at(-1) ?? file.path, file.text)}
      />
    </div>
  );
}

/** One line that says what the code waits for, or in the code's place where there was none yet. */
function Stopped({ code: { files, stopped } }: { code: GeneratedCode }) {
  if (stopped === null) return null;
  const { text, problem } = stopped;
  const button = problem !== null && (
    <Button size="small" onClick={() => showProblem(problem)}>
      Show
    </Button>
  );
  if (files === null)
    return (
      <EmptyState action={button}>
        {problem === null ? text : `The code comes when this is solved: ${text}`}
      </EmptyState>
    );
  return (
    <div className={styles.stopped} role="status" data-problem={problem !== null || undefined}>
      {problem !== null && <Icon name="warn" size={14} />}
      <span title={text}>{problem === null ? text : `The code is from before this: ${text}`}</span>
      {button}
    </div>
  );
}

/** Blocks and lines point at each other. */
function LinkedCode({
  file,
  target,
  stale,
}: {
  file: CodeFile;
  target: CodeTarget;
  stale: boolean;
}) {
  const selected = useProject((state) => state.selection.nodes);
  const pointedAt = useHoveredBlock();
  const setHovered = useCode((state) => state.setHovered);
  return (
    <div className={styles.code} data-stale={stale || undefined}>
      <CodeView
        file={file}
        label={`${file.path}, ${titles[target]}`}
        selected={selected}
        hovered={pointedAt?.id ?? null}
        onHover={setHovered}
        onPick={pick}
      />
    </div>
  );
}
