import type { FileLook } from '#shared/data/look';
import type { DataRecipe } from '#shared/data/recipe';
import { formatCount, formatPlural } from '#shared/format';
import { ScrollRegion, Select } from '../ui/index.js';
import styles from './import.module.css';
import { useImport } from './importStore.js';
import { roleOf, rolesFor, roleTitles, type Role } from './roles.js';

type Column = FileLook['columns'][number];

/** The first rows as they are read, and what each column is to the network. */
export function ImportTable({ look, recipe }: { look: FileLook; recipe: DataRecipe | null }) {
  if (look.reading.format === 'text')
    return (
      <ScrollRegion label="First lines" className={styles.scroll}>
        <ol className={styles.lines}>
          {look.head.map(([line], index) => (
            <li key={index}>{line}</li>
          ))}
        </ol>
      </ScrollRegion>
    );
  return (
    <ScrollRegion label="First rows" className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {look.columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                data-ignored={
                  (recipe !== null && roleOf(column.name, recipe) === 'ignore') || undefined
                }
              >
                <span title={column.name}>{column.name}</span>
                <small>{kindText(column)}</small>
                {recipe !== null && recipe.task !== 'next-token' && (
                  <RoleSelect column={column} recipe={recipe} />
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {look.head.map((cells, row) => (
            <tr key={row}>
              {look.columns.map(({ name, kind }, at) => (
                <td
                  key={name}
                  data-number={kind === 'number' || undefined}
                  data-ignored={(recipe !== null && roleOf(name, recipe) === 'ignore') || undefined}
                  title={(cells[at]?.length ?? 0) > 40 ? cells[at] : undefined}
                >
                  {cells[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function kindText({ kind, distinct }: Column): string {
  switch (kind) {
    case 'number':
      return 'numbers';
    case 'time':
      return 'times';
    case 'category':
      return formatPlural(distinct, 'value');
    case 'text':
      return distinct >= 5000 ? 'text' : `text, ${formatCount(distinct)} different`;
  }
}

/** A network cannot be given words as numbers. */
const fits = (role: Role, kind: Column['kind']): boolean =>
  role === 'input' || role === 'target' || role === 'input and target' ? kind === 'number' : true;

function RoleSelect({ column, recipe }: { column: Column; recipe: DataRecipe }) {
  return (
    <Select
      bare
      label={`Role of ${column.name}`}
      value={roleOf(column.name, recipe)}
      choices={rolesFor(recipe.task).map((role) => ({
        value: role,
        label: recipe.task === 'tagging' && role === 'label' ? 'Tags' : roleTitles[role],
        disabled: !fits(role, column.kind),
      }))}
      onChange={(role) => useImport.getState().setRole(column.name, role)}
    />
  );
}
