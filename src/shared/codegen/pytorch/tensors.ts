/** Tensors of the state dict: made from our parameters, and drawn anew. */
import type { Initializer } from '../../catalog/define.js';
import type { CodeModule } from '../modules.js';
import { bracketed, pythonFloat } from '../python/format.js';
import type { TargetTensor } from '../types.js';
import { asIs, parameterOf, transposed, valuesOf } from '../weights.js';
import type { CodeWriter } from '../writer.js';
import type { Network } from './network.js';
import { formOf, recurrentTensors } from './recurrent.js';

type Layout = 'as is' | 'transposed' | 'row';

/** Parameters of blocks other than the recurrent ones, and the tensors below the attribute. */
function plainTensors(module: CodeModule): { id: string; tensor: string; layout: Layout }[] {
  const given = (id: string | null, tensor: string, layout: Layout) =>
    id === null ? [] : [{ id, tensor, layout }];
  switch (module.op) {
    case 'embedding':
      return given(module.table, 'weight', 'as is');
    case 'dense':
      return [
        ...given(module.kernel, 'weight', 'transposed'),
        ...given(module.bias, 'bias', 'as is'),
      ];
    case 'layer-norm':
      return [...given(module.gamma, 'weight', 'as is'), ...given(module.beta, 'bias', 'as is')];
    case 'attention':
      return [
        ...given(module.queryKernel, 'query.weight', 'transposed'),
        ...given(module.memoryKernel, 'memory.weight', 'transposed'),
        ...given(module.bias, 'memory.bias', 'as is'),
        ...given(module.vector, 'score.weight', 'row'),
      ];
    default:
      return [];
  }
}

/** Every tensor of the network's state dict. */
export const tensorsOf = (network: Network): TargetTensor[] =>
  network.modules.flatMap((module) => moduleTensors(network, module));

function moduleTensors(network: Network, module: CodeModule): TargetTensor[] {
  const { program } = network;
  if (module.op === 'recurrent') return recurrentTensors(module, network.pathsOf(module));
  return plainTensors(module).map(({ id, tensor, layout }) => {
    const name = `${network.nameOf(module.node)}.${tensor}`;
    switch (layout) {
      case 'as is':
        return asIs(program, id, name);
      case 'transposed':
        return transposed(program, id, name);
      case 'row': {
        const [size = 0] = parameterOf(program, id).shape;
        return { name, shape: [1, size], values: (all) => valuesOf(all, id) };
      }
    }
  });
}

/** The method `reset_parameters`. */
export function writeReset(w: CodeWriter, network: Network): void {
  w.blank().line('def reset_parameters(self) -> None:');
  w.indent(() => {
    w.line('"""New initial weights, drawn as the studio draws them."""');
    for (const module of network.modules)
      w.from(module.node, () => resetModule(w, network, module));
  });
}

function resetModule(w: CodeWriter, network: Network, module: CodeModule): void {
  if (module.op === 'recurrent') {
    network.forEachLayer(w, module, (layer) => w.line(`initialize_rnn(${layer})`));
    return;
  }
  // PyTorch's own layer norm begins with the same ones and zeros.
  if (module.op === 'layer-norm') return;
  for (const { id, tensor } of plainTensors(module)) {
    const [callee, ...items] = initialCall(parameterOf(network.program, id).initializer);
    const target = `self.${network.nameOf(module.node)}.${tensor}`;
    bracketed(w, `nn.init.${callee}(`, [target, ...items], ')');
  }
}

/** The method `weight_penalty`, where a block has L2. */
export function writePenalty(w: CodeWriter, network: Network): void {
  const factors = new Map<string, number>();
  for (const { node, l2 } of network.program.parameters) if (l2 > 0) factors.set(node, l2);
  if (factors.size === 0) return;
  w.blank().line('def weight_penalty(self) -> Tensor:');
  w.indent(() => {
    w.line('"""What L2 adds to the loss: squared weights, times each block\'s factor."""');
    let assign = 'penalty =';
    for (const module of network.modules) {
      const factor = factors.get(module.node);
      if (factor === undefined) continue;
      const attributes =
        module.op === 'recurrent' && formOf(module) === 'directions'
          ? network.directionNames(module)
          : [network.nameOf(module.node)];
      for (const attribute of attributes) {
        const items = [`self.${attribute}`, pythonFloat(factor)];
        w.from(module.node, () => bracketed(w, `${assign} l2_penalty(`, items, ')'));
        assign = 'penalty +=';
      }
    }
    w.line('return penalty');
  });
}

/** torch.nn.init's function and what it takes beside the tensor. */
function initialCall(initializer: Initializer): string[] {
  switch (initializer.kind) {
    case 'zeros':
      return ['zeros_'];
    case 'ones':
      return ['ones_'];
    case 'glorot-uniform':
      return ['xavier_uniform_'];
    case 'uniform':
      return ['uniform_', pythonFloat(initializer.low), pythonFloat(initializer.high)];
    case 'normal':
      return ['normal_', `std=${pythonFloat(initializer.deviation)}`];
    case 'orthogonal':
    case 'forget-bias':
      throw new Error(`${initializer.kind} is for recurrent blocks`);
  }
}
