import type { DataPreview } from '#shared/data/facts';
import { formatCount, ScrollRegion } from '../ui/index.js';
import styles from './data.module.css';
import { readStep, visible } from './tokens.js';

/** The first training batch as numbers, the way the network gets it. */
export function BatchTable({
  batch,
  names,
  textTarget,
}: {
  batch: DataPreview['batch'];
  /** Names of the features; null for tokens. */
  names: readonly string[] | null;
  /** The target is a piece of text, in which white space counts. */
  textTarget: boolean;
}) {
  const { shape, lengths, rows } = batch;
  const axes = shape.length === 3 ? 'batch × time × features' : 'batch × time';
  const longest = Math.max(0, ...rows.map(({ input }) => input.length));
  return (
    <section className={styles.block} aria-label="One batch">
      <h3>
        One batch
        <span className={styles.mono}>[{shape.join(', ')}]</span>
        <span>
          {axes}; {rows.length} of {formatCount(shape[0] ?? 0)} rows
        </span>
      </h3>
      <ScrollRegion label="One batch as the network sees it" className={styles.scroll}>
        <table className={styles.batch}>
          <thead>
            <tr>
              <th scope="col">length</th>
              <th scope="col">target</th>
              {names !== null && <th scope="col">feature</th>}
              {Array.from({ length: longest }, (_, time) => (
                <th key={time} scope="col">
                  {time === 0 ? 't = 1' : time + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ input, target }, index) => (
              <tr key={index}>
                <td>{lengths[index]}</td>
                <td className={styles.target} title={target}>
                  {textTarget ? visible(target) : target}
                </td>
                {names !== null && (
                  <td className={styles.featureNames}>
                    {names.map((name) => (
                      <span key={name}>{name}</span>
                    ))}
                  </td>
                )}
                {input.map((text, time) => {
                  if (names !== null)
                    return (
                      <td key={time} className={styles.features}>
                        {text.split(', ').map((value, feature) => (
                          <span key={feature} title={names[feature]}>
                            {value.replace('-', '−')}
                          </span>
                        ))}
                      </td>
                    );
                  const { token, id } = readStep(text);
                  return (
                    <td key={time} data-kind={id === 0 ? 'pad' : id === 1 ? 'unknown' : undefined}>
                      <span>{visible(token)}</span>
                      <small>{id}</small>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
