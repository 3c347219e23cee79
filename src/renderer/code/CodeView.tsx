/** A read-only CodeMirror that knows which block each line comes from. */
import {
  HighlightStyle,
  LanguageSupport,
  LRLanguage,
  syntaxHighlighting,
} from '@codemirror/language';
import { EditorState, StateEffect, StateField, type Extension } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  type DecorationSet,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { parser as javascript } from '@lezer/javascript';
import { parser as python } from '@lezer/python';
import { useEffect, useRef } from 'react';
import type { CodeFile, CodeLanguage } from '#shared/codegen/types';
import { changeBetween, linesOf, nodeAtLine } from './lines.js';
import styles from './code.module.css';

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.self], color: 'var(--code-keyword)' },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
  {
    tag: [
      tags.function(tags.definition(tags.variableName)),
      tags.definition(tags.className),
      tags.definition(tags.typeName),
      tags.function(tags.definition(tags.propertyName)),
    ],
    color: 'var(--code-name)',
    fontWeight: 'var(--fw-medium)',
  },
  { tag: [tags.className, tags.typeName], color: 'var(--code-name)' },
  { tag: [tags.comment, tags.docString], color: 'var(--code-comment)' },
]);

const support = (parser: Parameters<typeof LRLanguage.define>[0]['parser']): Extension =>
  new LanguageSupport(LRLanguage.define({ parser }));

const languages: Partial<Record<CodeLanguage, Extension>> = {
  python: support(python),
  typescript: support(javascript.configure({ dialect: 'ts' })),
  javascript: support(javascript),
  json: support(javascript.configure({ top: 'SingleExpression' })),
};

/** 1-based lines. */
interface Marks {
  selected: readonly number[];
  hovered: readonly number[];
}
const setMarks = StateEffect.define<Marks>();
const selectedLine = Decoration.line({ attributes: { 'data-block': 'selected' } });
const hoveredLine = Decoration.line({ attributes: { 'data-block': 'hovered' } });

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = value.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setMarks)) continue;
      const { doc } = transaction.state;
      const at = (decoration: Decoration, lines: readonly number[]) =>
        lines
          .filter((line) => line <= doc.lines)
          .map((line) => decoration.range(doc.line(line).from));
      const { selected, hovered } = effect.value;
      next = Decoration.set([...at(selectedLine, selected), ...at(hoveredLine, hovered)], true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const isVisible = (view: EditorView, line: number): boolean => {
  const { top, bottom } = view.lineBlockAt(view.state.doc.line(line).from);
  const { scrollTop, clientHeight } = view.scrollDOM;
  return bottom > scrollTop && top < scrollTop + clientHeight;
};

interface CodeViewProps {
  file: CodeFile;
  /** Accessible name. */
  label: string;
  /** Ids of the blocks whose lines are marked; those of `selected` are brought into view. */
  selected: readonly string[];
  hovered: string | null;
  /** The block of the line under the pointer or the cursor. */
  onHover: (node: string | null) => void;
  /** A line was clicked, or Enter was pressed on it. */
  onPick: (node: string) => void;
}

export function CodeView({ file, label, selected, hovered, onHover, onPick }: CodeViewProps) {
  const parent = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  /** What the editor's own handlers read: they live longer than one render. */
  const current = useRef({ file, onHover, onPick });
  useEffect(() => {
    current.current = { file, onHover, onPick };
  });

  useEffect(() => {
    if (parent.current === null) return;
    const nodeAt = (line: number): string | null => nodeAtLine(current.current.file.spans, line);
    const caretNode = ({ state }: EditorView): string | null =>
      nodeAt(state.doc.lineAt(state.selection.main.head).number);
    const view = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: current.current.file.text,
        extensions: [
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-readonly': 'true',
            // No keyboard on screen: nothing can be typed.
            inputmode: 'none',
          }),
          languages[file.language] ?? [],
          syntaxHighlighting(colours),
          lineNumbers(),
          highlightSpecialChars(),
          marks,
          keymap.of([
            {
              key: 'Mod-a',
              run(view) {
                view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
                return true;
              },
            },
            {
              key: 'Enter',
              run(view) {
                const node = caretNode(view);
                if (node !== null) current.current.onPick(node);
                return true;
              },
            },
          ]),
          EditorView.domEventHandlers({
            mousemove(event, view) {
              const { from } = view.lineBlockAtHeight(event.clientY - view.documentTop);
              current.current.onHover(nodeAt(view.state.doc.lineAt(from).number));
            },
            mouseleave: () => current.current.onHover(null),
            blur: () => current.current.onHover(null),
            click(event, view) {
              // Marking text to copy it is no pick.
              if (!view.state.selection.main.empty) return;
              const { from } = view.lineBlockAtHeight(event.clientY - view.documentTop);
              const node = nodeAt(view.state.doc.lineAt(from).number);
              if (node !== null) current.current.onPick(node);
            },
          }),
          EditorView.updateListener.of((update) => {
            if (update.selectionSet && update.view.hasFocus)
              current.current.onHover(caretNode(update.view));
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = null;
    };
    // Another file is another editor; a file's new text is a change of it.
  }, [label, file.language]);

  useEffect(() => {
    const view = editor.current;
    const changes = view && changeBetween(view.state.doc.toString(), file.text);
    if (view !== null && changes !== null) view.dispatch({ changes });
  }, [file]);

  useEffect(() => {
    editor.current?.dispatch({
      effects: setMarks.of({
        selected: linesOf(file.spans, selected),
        hovered:
          hovered === null || selected.includes(hovered) ? [] : linesOf(file.spans, [hovered]),
      }),
    });
  }, [file, label, selected, hovered]);

  // When something else gets selected, not when the selected block's code changes.
  useEffect(() => {
    const view = editor.current;
    const lines = linesOf(current.current.file.spans, selected);
    const [first] = lines;
    if (view === null || first === undefined || lines.some((line) => isVisible(view, line))) return;
    const { from } = view.state.doc.line(first);
    view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'center' }) });
  }, [label, selected]);

  return <div ref={parent} className={styles.editor} />;
}
