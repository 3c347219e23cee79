/** `model.py`: the network as one nn.Module, block by block. */
import type { ProjectDocument } from '../../graph/document.js';
import type { IrHead, IrProgram } from '../../ir/types.js';
import { plainText } from '../names.js';
import { importLines } from '../python/format.js';
import type { CodeFile, TargetTensor } from '../types.js';
import { CodeWriter } from '../writer.js';
import { Constructor } from './construct.js';
import { Forward } from './forward.js';
import { helpersIn, torchImports } from './layers.js';
import { Network } from './network.js';
import { tensorsOf, writePenalty, writeReset } from './tensors.js';

export interface GeneratedModel {
  file: CodeFile;
  /** The network's class. */
  className: string;
  /** Helpers of layers.py that it imports. */
  helpers: string[];
  tensors: TargetTensor[];
  /** Rows are padded: the network takes their lengths too. */
  padded: boolean;
  /** The network has a `weight_penalty`. */
  hasPenalty: boolean;
}

export function generateModel(document: ProjectDocument, program: IrProgram): GeneratedModel {
  const network = new Network(document, program);
  const { className, padded } = network;
  // The imports stand first and follow from the rest.
  const draft = new CodeWriter('    ');
  writeClass(draft, network);
  const { text } = draft.file('', 'python');
  const helpers = helpersIn(text);

  const w = new CodeWriter('    ');
  const title = plainText(document.name);
  w.line(`"""The network${title === '' ? '' : ` of the project ${title}`}.`, '');
  w.line('Batch first: shapes are [batch, time, features].', '"""').blank();
  w.line('from __future__ import annotations').blank();
  w.line('from pathlib import Path').blank();
  w.line(...torchImports(text, ['from safetensors.torch import load_file'])).blank();
  if (helpers.length > 0)
    w.line(...importLines('layers', [...helpers].sort(byImportOrder))).blank();
  w.line('WEIGHTS = Path(__file__).resolve().parent / "model.safetensors"').blank(2);
  writeClass(w, network);
  w.blank(2).line(
    `def load_model(path: str | Path = WEIGHTS) -> ${className}:`,
    '    """The network with the weights of a file, ready to predict."""',
    `    model = ${className}()`,
    '    model.load_state_dict(load_file(path))',
    '    return model.eval()',
  );
  return {
    file: w.file('model.py', 'python'),
    className,
    helpers,
    tensors: tensorsOf(network),
    padded,
    hasPenalty: program.parameters.some(({ l2 }) => l2 > 0),
  };
}

const answers: Readonly<Record<IrHead['kind'], string>> = {
  classify: 'class scores (logits)',
  'classify-each-step': "scores of each step's tags (logits)",
  'next-token': 'next-token scores (logits)',
  regress: 'scaled values',
};

function writeClass(w: CodeWriter, network: Network): void {
  const { input, modules, padded, program } = network;
  const { head } = program;
  const source = modules.find(({ op }) => op === 'input');
  if (source?.op !== 'input') throw new Error('the program has no input');
  const given = `${input} ${network.shapeOf(source.output)}`;
  const made = `logits ${network.shapeOf(head.logits)}`;

  w.line(`class ${network.className}(nn.Module):`).indent(() => {
    w.line(`"""From ${input} to ${answers[head.kind]}, ${network.shapeOf(head.logits)}."""`);
    w.blank()
      .line('def __init__(self) -> None:')
      .indent(() => {
        w.line('super().__init__()');
        const constructor = new Constructor(network);
        for (const module of modules) w.from(module.node, () => constructor.write(w, module));
        w.line('self.reset_parameters()');
      });
    writeReset(w, network);
    w.blank().from(source.node, () =>
      w.line(`def forward(self, ${input}: Tensor${padded ? ', lengths: Tensor' : ''}) -> Tensor:`),
    );
    w.indent(() => {
      if (padded)
        w.line(
          `"""${given}, lengths [batch] -> ${made}.`,
          '',
          'Rows are padded at the end; lengths are their real numbers of steps.',
          '"""',
        );
      else w.line(`"""${given} -> ${made}."""`);
      const forward = new Forward(network);
      modules.forEach((module, position) =>
        w.from(module.node, () => forward.write(w, module, position)),
      );
      w.from(head.node, () => w.line(`return ${forward.variable(head.logits)}`));
    });
    writePenalty(w, network);
  });
}

/** isort's order: classes before functions. */
const byImportOrder = (a: string, b: string): number =>
  Number(/^[a-z]/.test(a)) - Number(/^[a-z]/.test(b)) || (a < b ? -1 : 1);
