import { hasClasses } from '#shared/training/class-weights';
import { trainingRecipeSchema } from '#shared/training/recipe';
import { useProject } from '../stores/project.js';
import { Panel, SchemaForm, TextField, type JsonObject } from '../ui/index.js';
import styles from './inspector.module.css';

/** Nothing is selected: the project itself, and how it trains. */
export function ProjectInspector() {
  const name = useProject((state) => state.document?.name ?? '');
  const description = useProject((state) => state.document?.description ?? '');
  const training = useProject((state) => state.document?.training);
  const classes = useProject(({ document }) => document !== null && hasClasses(document.data.task));
  const dispatch = useProject((state) => state.dispatch);
  if (training === undefined) return null;
  const change = (value: JsonObject, gesture: string): void =>
    dispatch([{ type: 'set-training', training: trainingRecipeSchema.parse(value) }], {
      label: 'Change training',
      merge: gesture,
    });
  const form = (only: readonly string[]) => (
    <SchemaForm
      schema={trainingRecipeSchema}
      value={training}
      onChange={change}
      keepInvalid={false}
      only={only}
    />
  );
  return (
    <>
      <header className={styles.head}>
        <h2>Project</h2>
      </header>
      <Panel>
        <TextField
          label="Name"
          value={name}
          maxLength={200}
          onChange={(next, gesture) => {
            if (next.trim() !== '')
              dispatch([{ type: 'set-name', name: next }], {
                label: 'Rename project',
                merge: gesture,
              });
          }}
        />
        <TextField
          label="Description"
          rows={3}
          value={description}
          maxLength={10_000}
          onChange={(next, gesture) =>
            dispatch([{ type: 'set-description', description: next }], {
              label: 'Change description',
              merge: gesture,
            })
          }
        />
      </Panel>
      <Panel title="Training">
        {form([
          'epochs',
          'batchSize',
          'seed',
          'shuffle',
          'bucketing',
          ...(classes ? ['classWeights'] : []),
        ])}
      </Panel>
      <Panel>{form(['optimizer'])}</Panel>
      <Panel>{form(['schedule'])}</Panel>
      <Panel>{form(['clip'])}</Panel>
      <Panel>{form(['earlyStopping'])}</Panel>
    </>
  );
}
