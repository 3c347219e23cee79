import { memo, useRef } from 'react';
import { NodeResizeControl, ResizeControlVariant, type NodeProps } from 'reactflow';
import { useProject } from '../../stores/project.js';
import type { CommentFlowNode } from '../flow.js';
import { changeComment, stopTyping, useTyping } from './actions.js';
import styles from './groups.module.css';

const smallest = { width: 96, height: 40 };
const onGrid = (value: number): number => Math.round(value / 8) * 8;

/** The text as a field. It grows with what is typed; every change is kept at once, as one undo step. */
function CommentField({ id, text, height }: { id: string; text: string; height: number }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const size = useProject(
    (state) => state.document?.graph.comments.find((one) => one.id === id)?.size,
  );
  return (
    <textarea
      ref={field}
      className={`${styles.commentField} nodrag nopan nowheel`}
      aria-label="Text of the comment"
      placeholder="Write a comment"
      value={text}
      maxLength={10_000}
      autoFocus
      onFocus={({ currentTarget }) =>
        currentTarget.setSelectionRange(currentTarget.value.length, currentTarget.value.length)
      }
      onChange={({ currentTarget: { value, scrollHeight } }) => {
        const tall = Math.ceil(scrollHeight / 8) * 8;
        const grown =
          size !== undefined && tall > height ? { size: { ...size, height: tall } } : {};
        changeComment(id, { text: value, ...grown }, 'Edit comment', `comment ${id}`);
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== 'Escape') return;
        // Back to the comment itself, for the keys that move or delete it.
        event.currentTarget.closest<HTMLElement>('.react-flow__node')?.focus();
        stopTyping();
      }}
      onBlur={stopTyping}
    />
  );
}

/** A note on the canvas. */
export const CommentNode = memo(function CommentNode({
  data,
  selected,
}: NodeProps<CommentFlowNode>) {
  const id = data.comment;
  const comment = useProject((state) =>
    state.document?.graph.comments.find((one) => one.id === id),
  );
  const typing = useTyping((state) => state.comment === id);
  if (comment === undefined) return null;
  const { text, size } = comment;
  return (
    <div
      className={styles.comment}
      data-selected={selected || undefined}
      onDoubleClick={() => useTyping.setState({ comment: id })}
    >
      {typing ? (
        <CommentField id={id} text={text} height={size.height} />
      ) : (
        <div className={styles.commentText} data-empty={text === '' || undefined}>
          {text === '' ? 'Write a comment' : text}
        </div>
      )}
      {selected && (
        <NodeResizeControl
          className={styles.resize ?? ''}
          position="bottom-right"
          variant={ResizeControlVariant.Handle}
          minWidth={smallest.width}
          minHeight={smallest.height}
          onResizeEnd={(_, { width, height }) =>
            changeComment(
              id,
              { size: { width: onGrid(width), height: onGrid(height) } },
              'Resize comment',
            )
          }
        >
          <svg viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
            <path d="M7 1 1 7M7 4.5 4.5 7" />
          </svg>
        </NodeResizeControl>
      )}
    </div>
  );
});
