/** Graph → IR: every block lowers itself, in topological order, over one builder. */
import { StudioError } from '../errors.js';
import { analyze } from '../graph/analyze.js';
import type { DataFacts } from '../data/facts.js';
import type { ProjectDocument } from '../graph/document.js';
import { topologyOf } from '../graph/topology.js';
import type { LoweredValue, ParameterSpec } from '../catalog/define.js';
import type { IrBuilder, IrHead, IrProgram, IrValue } from './types.js';
import { verify } from './verify.js';

/**
 * Lowers a checked graph. Blocks that do not lead to the head are left out.
 * @throws StudioError `graph-not-ready` with the first problem's block, when the graph has errors.
 */
export function lower(document: ProjectDocument, facts: DataFacts): IrProgram {
  const analysis = analyze(document, facts);
  const error = analysis.problems.find((problem) => problem.severity === 'error');
  if (error !== undefined) {
    throw new StudioError(
      'graph-not-ready',
      error.message,
      error.hint,
      error.node === null ? {} : { node: error.node },
    );
  }
  if (!analysis.ready)
    throw new Error(`facts of ${facts.task} for a ${document.data.task} project`);
  const unused = new Set(
    analysis.problems.filter((p) => p.code === 'unused-block').map((p) => p.node),
  );
  const lowered = new Map<string, Record<string, LoweredValue>>();
  const { incoming } = topologyOf(document.graph);
  const builder = new ProgramBuilder();
  for (const id of analysis.order) {
    const node = analysis.nodes[id];
    if (node === undefined || node.instance === null || unused.has(id)) continue;
    const values: Record<string, LoweredValue[]> = {};
    for (const edge of incoming.get(id) ?? []) {
      const value = lowered.get(edge.source.node)?.[edge.source.port];
      if (value === undefined) throw new Error(`no value for edge ${edge.id}`);
      (values[edge.target.port] ??= []).push(value);
    }
    lowered.set(
      id,
      node.instance.lower({
        node: id,
        inputs: node.inputs,
        outputs: node.outputs,
        facts,
        wanted: node.wanted,
        values,
        build: builder.forNode(id, node.parameters),
      }),
    );
  }
  const program = builder.finish();
  verify(program);
  return program;
}

class ProgramBuilder {
  readonly #values: Record<string, IrValue> = {};
  readonly #parameters: IrProgram['parameters'] = [];
  readonly #ops: IrProgram['ops'] = [];
  #head: IrHead | null = null;

  forNode(node: string, specs: readonly ParameterSpec[]): IrBuilder {
    let count = 0;
    return {
      parameter: (name) => {
        const spec = specs.find((item) => item.name === name);
        if (spec === undefined) throw new Error(`${node} has no parameter "${name}"`);
        const id = `${node}/${name}`;
        this.#parameters.push({ id, node, ...spec });
        return id;
      },
      value: (shape, dtype = 'float32', lengths = null) => {
        const id = `${node}.${count}`;
        count += 1;
        this.#values[id] = { id, shape, dtype, lengths, node };
        return id;
      },
      read: (ref) => {
        const value = this.#values[ref];
        if (value === undefined) throw new Error(`no value "${ref}"`);
        return value;
      },
      emit: (op) => this.#ops.push(op),
      head: (head) => {
        if (this.#head !== null) throw new Error('a program has one head');
        this.#head = head;
      },
    };
  }

  finish(): IrProgram {
    if (this.#head === null) throw new Error('a program needs a head');
    return {
      values: this.#values,
      parameters: this.#parameters,
      ops: this.#ops,
      head: this.#head,
    };
  }
}
