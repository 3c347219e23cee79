import { useCallback, useRef } from 'react';
import { ReactFlowProvider } from 'reactflow';
import { CodeSide } from '../code/CodeSide.js';
import { Inspector } from '../inspector/Inspector.js';
import { ProblemsPanel } from '../problems/ProblemsPanel.js';
import { useProject } from '../stores/project.js';
import { Canvas } from './Canvas.js';
import styles from './canvas.module.css';
import { Palette } from './Palette.js';

export function DesignView() {
  const path = useProject((state) => state.path);
  // The palette adds where the canvas looks; only the canvas knows where that is.
  const addAtCentre = useRef<(block: string) => void>(() => {});
  const register = useCallback((add: (block: string) => void) => {
    addAtCentre.current = add;
  }, []);
  const add = useCallback((block: string) => addAtCentre.current(block), []);
  return (
    <ReactFlowProvider>
      <div className={styles.design}>
        <Palette onAdd={add} />
        <div className={styles.centre}>
          <div className={styles.middle}>
            <Canvas key={path} register={register} />
            <ProblemsPanel />
          </div>
          <CodeSide />
        </div>
        <Inspector />
      </div>
    </ReactFlowProvider>
  );
}
