import { Tabs } from '@mantine/core';
import { useMemo } from 'react';
import type { Explanation } from '#shared/catalog/define';
import { formatShape } from '#shared/graph/values';
import { categoryColours, glyphOf } from '../canvas/looks.js';
import { findBlock } from '#shared/catalog/index';
import { gatedCellOf } from '#shared/graph/cell-swap';
import { BothCells } from '../runs/BothCells.js';
import { blockView, modelTotals, type BlockView } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import {
  formatBytes,
  formatCount,
  formatQuantity,
  formatShare,
  Icon,
  Panel,
  SchemaForm,
  TextField,
  Tooltip,
} from '../ui/index.js';
import { Connections } from './Connections.js';
import { Equations } from './Equations.js';
import styles from './inspector.module.css';
import { Prose } from './Prose.js';

function Shapes({ view }: { view: BlockView }) {
  const batch = useProject((state) => state.document?.training.batchSize);
  const rows = [
    ...view.ports.inputs.flatMap((port) =>
      (view.inputs[port.name] ?? []).map((type, index) => ({
        key: `in ${port.name} ${index}`,
        label: port.label,
        direction: 'In',
        shape: formatShape(type, batch),
      })),
    ),
    ...view.ports.outputs.map((port) => {
      const type = view.outputs[port.name] ?? null;
      return {
        key: `out ${port.name}`,
        label: port.label,
        direction: 'Out',
        shape: type === null ? 'not known yet' : formatShape(type, batch),
      };
    }),
  ];
  if (rows.length === 0) return null;
  return (
    <Panel title="Shapes" aside="batch × step × feature">
      <dl className={styles.shapes}>
        {rows.map((row) => (
          <div key={row.key}>
            <dt>
              {row.direction} <span className={styles.dim}>{row.label}</span>
            </dt>
            <dd>{row.shape}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Cost({ view }: { view: BlockView }) {
  const batch = useProject((state) => state.document?.training.batchSize ?? 1);
  const totals = useProject((state) => modelTotals(state.analysis));
  const rows = [
    {
      label: 'Parameters',
      text: view.parameters === null ? '–' : formatCount(view.parameters),
      value: view.parameters ?? 0,
      total: totals.parameters,
      note: 'Numbers that training changes.',
    },
    {
      label: 'FLOPs',
      text: formatQuantity(view.cost.flops),
      value: view.cost.flops,
      total: totals.flops,
      note: `Floating-point operations of one example, forward: ${view.cost.formula}`,
    },
    {
      label: 'Memory',
      text: formatBytes(view.cost.activationBytes * batch),
      value: view.cost.activationBytes,
      total: totals.activationBytes,
      note: `float32 activations kept for the backward pass, batch of ${batch}.`,
    },
  ];
  return (
    <Panel title="Cost" aside="share of model">
      <div className={styles.cost}>
        {rows.map(({ label, text, value, total, note }) => {
          const share = total > 0 ? value / total : 0;
          return (
            <Tooltip key={label} label={note} position="left">
              <div className={styles.costRow}>
                <span>{label}</span>
                <span className={styles.bar} style={{ '--share': share }} aria-hidden="true" />
                <b>{text}</b>
                <em>{formatShare(share)}</em>
              </div>
            </Tooltip>
          );
        })}
      </div>
      <p className={styles.formula}>{view.cost.formula}</p>
    </Panel>
  );
}

/** Null while the block's settings are wrong. */
function useExplanation(id: string): Explanation | null {
  const node = useProject((state) => state.analysis?.nodes[id]);
  const facts = useProject((state) => state.facts);
  return useMemo(
    () =>
      node?.instance?.explain({ node: id, facts, inputs: node.inputs, wanted: node.wanted }) ??
      null,
    [node, id, facts],
  );
}

export function BlockInspector({ id }: { id: string }) {
  const node = useProject((state) =>
    state.document?.graph.nodes.find((candidate) => candidate.id === id),
  );
  const view = useProject((state) => blockView(state, id));
  const dispatch = useProject((state) => state.dispatch);
  const explanation = useExplanation(id);
  if (node === undefined) return null;
  const block = findBlock(node.block);
  const hasParams = block !== undefined && Object.keys(block.params.shape).length > 0;
  const colour = block === undefined ? 'var(--err)' : categoryColours[block.category];
  return (
    <>
      <header className={styles.head} style={{ '--c': colour }}>
        <span className={styles.glyph}>
          <Icon name={block === undefined ? 'warn' : glyphOf(block.id)} />
        </span>
        <h2>{block?.title ?? `Unknown block “${node.block}”`}</h2>
        <span className={styles.id}>{id}</span>
      </header>
      <Tabs
        defaultValue="settings"
        style={{ '--c': colour }}
        classNames={{
          root: styles.tabs ?? '',
          list: styles.tabList ?? '',
          tab: styles.tab ?? '',
          panel: styles.tabPanel ?? '',
        }}
      >
        <Tabs.List>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          {block !== undefined && <Tabs.Tab value="explain">Explain</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="settings">
          <Panel>
            <TextField
              label="Name"
              value={node.name}
              maxLength={200}
              onChange={(name, gesture) =>
                dispatch([{ type: 'rename-node', id, name }], {
                  label: 'Rename block',
                  merge: gesture,
                })
              }
            />
            {hasParams && (
              <SchemaForm
                schema={block.params}
                value={{ ...block.defaults(), ...node.params }}
                keepInvalid
                onChange={(params, gesture) =>
                  dispatch([{ type: 'set-params', id, params }], {
                    label: `Change ${node.name}`,
                    merge: gesture,
                  })
                }
              />
            )}
          </Panel>
          {gatedCellOf(node) !== null && <BothCells />}
          {view !== null && <Connections id={id} ports={view.ports} />}
          {explanation !== null && (
            <Equations
              explanation={explanation}
              aside={block?.category === 'recurrent' ? 'one step t' : ''}
            />
          )}
          {view?.valid === true && <Shapes view={view} />}
          {view?.valid === true && <Cost view={view} />}
        </Tabs.Panel>
        {block !== undefined && (
          <Tabs.Panel value="explain">
            <Panel>
              <p className={styles.summary}>{block.docs.summary}</p>
              <Prose text={block.docs.body} />
            </Panel>
            {block.docs.sources.length > 0 && (
              <Panel title="Sources">
                <ul className={styles.sources}>
                  {block.docs.sources.map((source) => (
                    <li key={source}>{source}</li>
                  ))}
                </ul>
              </Panel>
            )}
          </Tabs.Panel>
        )}
      </Tabs>
    </>
  );
}
