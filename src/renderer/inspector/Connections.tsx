import type { Ports, PortSpec } from '#shared/catalog/define';
import type { PortReference } from '#shared/graph/document';
import { judge, nodeOf, portsOfAll } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { Icon, IconButton, Panel, Select, type Choice } from '../ui/index.js';
import styles from './inspector.module.css';

/** From this many choices on a list is easier to type in than to scroll. */
const manyChoices = 12;

const keyOf = ({ node, port }: PortReference): string => JSON.stringify([node, port]);

/** An input with the outputs that fit it. What fits is judged when the list opens: in 300 blocks it takes a while. */
function Input({ target, port }: { target: PortReference; port: PortSpec }) {
  const document = useProject((state) => state.document);
  const analysis = useProject((state) => state.analysis);
  const dispatch = useProject((state) => state.dispatch);
  if (document === null) return null;
  const state = { document, analysis };
  const outputs = portsOfAll(state, 'source');
  const fits = (source: PortReference): boolean => judge(state, source, target).ok;
  const choiceOf = (source: PortReference, label = source.port): Choice<string> => ({
    value: keyOf(source),
    label: `${nodeOf(state, source.node)?.name ?? source.node} · ${label}`,
  });
  const connected = document.graph.edges
    .filter((edge) => edge.target.node === target.node && edge.target.port === target.port)
    .map(({ id, source }) => {
      const entry = outputs.find((output) => keyOf(output) === keyOf(source));
      return { id, choice: choiceOf(source, entry?.label) };
    });
  const [first] = connected;
  const only = port.many ? undefined : first;
  const none = only === undefined && !outputs.some(fits);
  const choices = (): Choice<string>[] => {
    const fitting = outputs.filter(fits).map((output) => choiceOf(output, output.label));
    const listed = only === undefined || fitting.some(({ value }) => value === only.choice.value);
    return listed ? fitting : [only.choice, ...fitting];
  };
  const connect = (value: string): void => {
    const source = outputs.find((output) => keyOf(output) === value);
    if (source === undefined) return;
    const verdict = judge(state, { node: source.node, port: source.port }, target);
    if (verdict.ok) dispatch(verdict.edits, { label: 'Connect' });
  };
  const disconnect = (id: string): void =>
    dispatch([{ type: 'remove-edge', id }], { label: 'Disconnect' });
  return (
    <div>
      {port.many &&
        connected.map(({ id, choice: { label } }) => (
          <div key={id} className={styles.connection}>
            <span>{label}</span>
            <IconButton
              label={`Disconnect ${label}`}
              icon={<Icon name="close" />}
              onClick={() => disconnect(id)}
            />
          </div>
        ))}
      <div className={styles.connection}>
        <Select
          label={port.label}
          description={port.required ? undefined : 'Optional'}
          value={only?.choice.value ?? null}
          choices={only === undefined ? [] : [only.choice]}
          whenOpen={choices}
          placeholder={none ? 'Nothing fits' : port.many ? 'Add…' : 'Not connected'}
          disabled={none}
          searchable={outputs.length > manyChoices}
          onChange={connect}
        />
        {only !== undefined && (
          <IconButton
            label={`Disconnect ${port.label}`}
            icon={<Icon name="close" />}
            onClick={() => disconnect(only.id)}
          />
        )}
      </div>
    </div>
  );
}

/** Wiring by keyboard: each input with the outputs that fit it. */
export function Connections({ id, ports }: { id: string; ports: Ports }) {
  if (ports.inputs.length === 0) return null;
  return (
    <Panel title="Inputs">
      {ports.inputs.map((port) => (
        <Input key={port.name} target={{ node: id, port: port.name }} port={port} />
      ))}
    </Panel>
  );
}
