/** A new project: text in, one class out, ready to train. */
import { findBlock } from '../catalog/index.js';
import { trainingRecipeSchema } from '../training/recipe.js';
import { documentFormat, documentVersion, type ProjectDocument } from './document.js';

export function emptyDocument(name: string, id: string): ProjectDocument {
  const chain = ['tokens-input', 'embedding', 'lstm', 'dense', 'classify'];
  const nodes = chain.map((blockId, index) => {
    const block = findBlock(blockId);
    if (block === undefined) throw new Error(`no block ${blockId}`);
    return {
      id: `${blockId.replaceAll('-', '_')}_1`,
      block: blockId,
      name: block.title,
      params: block.defaults(),
      position: { x: index * 264, y: 0 },
    };
  });
  return {
    format: documentFormat,
    version: documentVersion,
    id,
    name,
    description: '',
    graph: {
      nodes,
      edges: nodes.slice(1).map((node, index) => {
        const source = { node: nodes[index]?.id ?? '', port: 'out' };
        const target = { node: node.id, port: 'in' };
        return { id: `${source.node}.out-${target.node}.in`, source, target };
      }),
      groups: [],
      comments: [],
    },
    data: {
      task: 'classification',
      source: { kind: 'builtin', id: 'review-sentences' },
      format: 'auto',
      textColumn: 'text',
      labelColumn: 'label',
      tokenizer: { unit: 'word', lowercase: true, vocabularyLimit: 10_000, minimumCount: 2 },
      maximumTimeSteps: 40,
      duplicates: 'keep',
      truncate: 'end',
      split: { validation: 0.1, test: 0.2, method: 'stratified', seed: 7 },
    },
    training: trainingRecipeSchema.parse({ optimizer: { kind: 'adam' } }),
  };
}
