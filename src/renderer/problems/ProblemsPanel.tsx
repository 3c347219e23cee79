import type { Problem } from '#shared/graph/problems';
import { useDesign } from '../stores/design.js';
import { useProject } from '../stores/project.js';
import { shortcutText } from '../commands/keys.js';
import { Button, Icon } from '../ui/index.js';
import { hintBeside } from './hint.js';
import { showProblem } from './show.js';
import styles from './problems.module.css';

function ProblemRow({ problem }: { problem: Problem }) {
  const dispatch = useProject((state) => state.dispatch);
  const where = useProject((state) => {
    const edge = state.document?.graph.edges.find((one) => one.id === problem.edge);
    const id = problem.node ?? edge?.target.node;
    return state.document?.graph.nodes.find((node) => node.id === id)?.name ?? 'Project';
  });
  return (
    <li className={styles.row} data-severity={problem.severity}>
      <button type="button" className={styles.text} onClick={() => showProblem(problem)}>
        <span className={styles.icon}>
          <Icon name="warn" />
        </span>
        <span className={styles.where}>{where}</span>
        <span>
          {problem.message} <span className={styles.hint}>{hintBeside(problem)}</span>
        </span>
      </button>
      {problem.fixes.length > 0 && (
        <div className={styles.fixes}>
          {problem.fixes.map((fix) => (
            <Button
              key={fix.label}
              size="small"
              onClick={() => dispatch(fix.edits, { label: fix.label })}
            >
              {fix.label}
            </Button>
          ))}
        </div>
      )}
    </li>
  );
}

/** Everything that is wrong or doubtful. A click shows the block; a button mends it. */
export function ProblemsPanel() {
  const problems = useProject((state) => state.problems);
  const open = useDesign((state) => state.problemsOpen);
  const setOpen = useDesign((state) => state.setProblemsOpen);
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.length - errors;
  return (
    <section className={styles.panel} aria-label="Problems">
      <button
        type="button"
        className={styles.bar}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <b>Problems</b>
        {errors > 0 && (
          <span className={styles.errors}>
            <Icon name="warn" />
            {errors}
            <span className="visually-hidden"> {errors === 1 ? 'error' : 'errors'}</span>
          </span>
        )}
        {warnings > 0 && (
          <span className={styles.warnings}>
            <Icon name="info" />
            {warnings}
            <span className="visually-hidden"> {warnings === 1 ? 'warning' : 'warnings'}</span>
          </span>
        )}
        <span className={styles.first}>{problems[0]?.message ?? 'No problems.'}</span>
        <kbd>{shortcutText('Mod+J')}</kbd>
        <Icon name={open ? 'down' : 'up'} />
      </button>
      {open && problems.length > 0 && (
        <ul className={styles.list}>
          {problems.map((problem, index) => (
            <ProblemRow
              key={`${problem.code} ${problem.node} ${problem.port} ${index}`}
              problem={problem}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
