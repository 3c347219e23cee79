import { ReactFlowProvider } from 'reactflow';
import { CodeSide } from '../code/CodeSide.js';
import { Inspector } from '../inspector/Inspector.js';
import { ProblemsPanel } from '../problems/ProblemsPanel.js';
import { useProject } from '../stores/project.js';
import { Canvas } from './Canvas.js';
import styles from './canvas.module.css';
import { Palette } from './Palette.js';
import { useUnrollCommand } from './unroll/unrolled.js';

export function DesignView() {
  const path = useProject((state) => state.path);
  useUnrollCommand();
  return (
    <ReactFlowProvider>
      <div className={styles.design}>
        <Palette />
        <div className={styles.centre}>
          <div className={styles.middle}>
            <Canvas key={path} />
            <ProblemsPanel />
          </div>
          <CodeSide />
        </div>
        <Inspector />
      </div>
    </ReactFlowProvider>
  );
}
