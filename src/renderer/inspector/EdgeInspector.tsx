import { formatShape } from '#shared/graph/values';
import { outputType } from '../stores/graph.js';
import { useProject } from '../stores/project.js';
import { Button, Icon, KeyValue, Panel } from '../ui/index.js';
import styles from './inspector.module.css';

export function EdgeInspector({ id }: { id: string }) {
  const document = useProject((state) => state.document);
  const dispatch = useProject((state) => state.dispatch);
  const edge = document?.graph.edges.find((candidate) => candidate.id === id);
  const type = useProject((state) => (edge === undefined ? null : outputType(state, edge.source)));
  if (document === null || edge === undefined) return null;
  const nameOf = (node: string): string =>
    document.graph.nodes.find((one) => one.id === node)?.name ?? node;
  const known = type !== null && type.kind !== 'vector' && type.kind !== 'state' ? type : null;
  return (
    <>
      <header className={styles.head}>
        <h2>Connection</h2>
      </header>
      <Panel>
        <KeyValue
          items={[
            { key: 'From', value: `${nameOf(edge.source.node)} · ${edge.source.port}` },
            { key: 'To', value: `${nameOf(edge.target.node)} · ${edge.target.port}` },
            { key: 'Carries', value: type?.kind ?? 'not known yet' },
            {
              key: 'Shape',
              value: type === null ? '?' : formatShape(type, document.training.batchSize),
              mono: true,
            },
            ...(known === null
              ? []
              : [
                  {
                    key: 'Row lengths',
                    value: known.masked ? 'differ, padding is masked' : 'equal',
                  },
                ]),
          ]}
        />
      </Panel>
      <Panel>
        <Button
          icon={<Icon name="trash" />}
          onClick={() => dispatch([{ type: 'remove-edge', id }], { label: 'Delete connection' })}
        >
          Delete connection
        </Button>
      </Panel>
    </>
  );
}
