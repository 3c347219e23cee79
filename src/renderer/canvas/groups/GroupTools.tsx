import { CommandButton } from '../../commands/CommandButton.js';
import { useProject } from '../../stores/project.js';

/** Group, ungroup and comment, in the canvas's tools. */
export function GroupTools() {
  const nothing = useProject(
    ({ selection }) => selection.nodes.length + selection.groups.length === 0,
  );
  const noGroup = useProject(({ selection }) => selection.groups.length === 0);
  return (
    <>
      <CommandButton command="canvas.group" icon="group" disabled={nothing} />
      <CommandButton command="canvas.ungroup" icon="ungroup" disabled={noGroup} />
      <CommandButton command="canvas.comment" icon="comment" />
    </>
  );
}
