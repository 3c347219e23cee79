/** The statements of `__init__` that make each block's modules. */
import type { CodeModule, OperationOf, RecurrentModule } from '../modules.js';
import { bracketed, bracketedList, pythonFloat } from '../python/format.js';
import { parameterOf } from '../weights.js';
import type { CodeWriter } from '../writer.js';
import type { Network } from './network.js';
import {
  betweenDropout,
  formOf,
  fusedArguments,
  hasFrozenBias,
  layerArguments,
  layerClass,
} from './recurrent.js';

export class Constructor {
  constructor(private readonly network: Network) {}

  write(w: CodeWriter, module: CodeModule): void {
    const self = `self.${this.network.nameOf(module.node)}`;
    const make = (name: string, callee: string, items: readonly string[]): void =>
      bracketed(w, `${name} = ${callee}(`, items, ')');
    switch (module.op) {
      case 'embedding': {
        const [size = 0, features = 0] = parameterOf(this.network.program, module.table).shape;
        const padding = this.network.padded ? ['padding_idx=0'] : [];
        return make(self, 'nn.Embedding', [String(size), String(features), ...padding]);
      }
      case 'recurrent':
        return this.writeRecurrentLayers(w, module, self, make);
      case 'dense': {
        const { input, output, bias } = module;
        const sizes = [String(this.network.lastSize(input)), String(this.network.lastSize(output))];
        return make(self, 'nn.Linear', [...sizes, ...(bias === null ? ['bias=False'] : [])]);
      }
      case 'dropout':
        return make(self, 'nn.Dropout', [pythonFloat(module.rate)]);
      case 'layer-norm':
        return make(self, 'nn.LayerNorm', [
          String(this.network.lastSize(module.input)),
          `eps=${pythonFloat(module.epsilon)}`,
        ]);
      case 'attention': {
        const { callee, items } = this.attentionClass(module);
        return make(self, callee, items);
      }
      case 'input':
      case 'last-step':
      case 'pool-over-time':
      case 'concat':
      case 'add':
        return;
    }
  }

  private attentionClass(op: OperationOf<'attention'>): { callee: string; items: string[] } {
    const features = this.network.lastSize(op.memory);
    const memory = String(features);
    if (op.score === 'dot') {
      const scale = op.scaled ? [`scale=${features}**-0.5`] : [];
      return op.query === null
        ? { callee: 'DotPooling', items: [memory, ...scale] }
        : { callee: 'DotAttention', items: scale };
    }
    if (op.vector === null || op.bias === null)
      throw new Error(`${op.node}: additive attention has a vector and a bias`);
    const [units = 0] = parameterOf(this.network.program, op.vector).shape;
    return op.query === null
      ? { callee: 'AdditivePooling', items: [memory, String(units)] }
      : {
          callee: 'AdditiveAttention',
          items: [String(this.network.lastSize(op.query)), memory, String(units)],
        };
  }

  private writeRecurrentLayers(
    w: CodeWriter,
    module: RecurrentModule,
    self: string,
    make: (name: string, callee: string, items: readonly string[]) => void,
  ): void {
    const { layers, dropout, merge } = module;
    const form = formOf(module);
    const callee = layerClass(module);
    const [first] = layers;
    if (first === undefined) throw new Error(`${module.node} has no layer`);
    if (dropout > 0)
      make(`self.${this.network.extra(module.node, 'dropout')}`, 'LockedDropout', [
        pythonFloat(dropout),
      ]);
    switch (form) {
      case 'fused':
        make(self, callee, fusedArguments(module));
        break;
      case 'stepwise':
        make(self, callee, layerArguments(module, first));
        break;
      case 'directions':
        for (const attribute of this.network.directionNames(module))
          make(`self.${attribute}`, callee, layerArguments(module, first));
        break;
      case 'stack': {
        if (betweenDropout(module) > 0)
          make(`self.${this.network.extra(module.node, 'between')}`, 'nn.Dropout', [
            pythonFloat(betweenDropout(module)),
          ]);
        const items = layers.map(
          (layer) => `${callee}(${layerArguments(module, layer).join(', ')})`,
        );
        bracketedList(w, `${self} = nn.ModuleList(`, items, [], ')');
      }
    }
    if (merge !== null && layers.length > 1)
      throw new Error(`${module.node}: a bidirectional block has one layer`);
    if (!hasFrozenBias(module)) return;
    this.network.forEachLayer(w, module, (layer) => w.line(`freeze_second_bias(${layer})`));
  }
}
