import type { Ports } from '#shared/catalog/define';
import type { PortReference } from '#shared/graph/document';
import type { Edit } from '#shared/graph/edits';
import { judge, portsOfAll } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { Icon, IconButton, Panel, Select } from '../ui/index.js';
import styles from './inspector.module.css';

/** Wiring by keyboard: each input with the outputs that fit it. */
export function Connections({ id, ports }: { id: string; ports: Ports }) {
  const state = useProject();
  const { document, dispatch } = state;
  if (document === null || ports.inputs.length === 0) return null;
  const nameOf = (node: string): string =>
    document.graph.nodes.find((one) => one.id === node)?.name ?? node;
  const outputs = portsOfAll(state, 'source');
  const labelOf = ({ node, port }: PortReference): string =>
    outputs.find((one) => one.node === node && one.port === port)?.label ?? port;
  return (
    <Panel title="Inputs">
      {ports.inputs.map((port) => {
        const target = { node: id, port: port.name };
        const edges = document.graph.edges.filter(
          (edge) => edge.target.node === id && edge.target.port === port.name,
        );
        const options = outputs.flatMap((source) => {
          const verdict = judge(state, { node: source.node, port: source.port }, target);
          return verdict.ok
            ? [
                {
                  value: JSON.stringify([source.node, source.port]),
                  label: `${nameOf(source.node)} · ${source.label}`,
                  edits: verdict.edits,
                },
              ]
            : [];
        });
        const connected = edges.map((edge) => ({
          edge,
          value: JSON.stringify([edge.source.node, edge.source.port]),
          label: `${nameOf(edge.source.node)} · ${labelOf(edge.source)}`,
        }));
        const [only] = connected;
        const single = !port.many && only !== undefined;
        const choices = options.map(({ value, label }) => ({ value, label }));
        if (single && !choices.some((choice) => choice.value === only.value))
          choices.unshift({ value: only.value, label: only.label });
        const disconnect = (edge: string): void =>
          dispatch([{ type: 'remove-edge', id: edge } satisfies Edit], { label: 'Disconnect' });
        return (
          <div key={port.name}>
            {port.many &&
              connected.map(({ edge, label }) => (
                <div key={edge.id} className={styles.connection}>
                  <span>{label}</span>
                  <IconButton
                    label={`Disconnect ${label}`}
                    icon={<Icon name="close" />}
                    onClick={() => disconnect(edge.id)}
                  />
                </div>
              ))}
            <div className={styles.connection}>
              <Select
                label={port.label}
                description={port.required ? undefined : 'Optional'}
                value={single ? only.value : null}
                choices={choices}
                placeholder={
                  choices.length === 0 ? 'Nothing fits' : port.many ? 'Add…' : 'Not connected'
                }
                disabled={choices.length === 0}
                onChange={(value) => {
                  const option = options.find((candidate) => candidate.value === value);
                  if (option !== undefined) dispatch(option.edits, { label: 'Connect' });
                }}
              />
              {single && (
                <IconButton
                  label={`Disconnect ${port.label}`}
                  icon={<Icon name="close" />}
                  onClick={() => disconnect(only.edge.id)}
                />
              )}
            </div>
          </div>
        );
      })}
    </Panel>
  );
}
