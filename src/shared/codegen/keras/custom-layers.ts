/** Python source of the layers that Keras does not have: a model file holds those that its graph needs. */

const register = '@keras.saving.register_keras_serializable(package="unroll")';

export type CustomLayer =
  | 'LastStep'
  | 'MeanOverTime'
  | 'MaxOverTime'
  | 'SumOverTime'
  | 'AdditivePooling'
  | 'DotPooling'
  | 'AdditiveAttention'
  | 'DotAttention'
  | 'SharedMaskLSTMCell'
  | 'SharedMaskGRUCell';

/** Every layer here gets its mask as an argument; stock layers would hand theirs on to its output. */
const noMask = `

    def compute_mask(self, inputs, mask=None):
        return None`;

/** @param padded rows have lengths, and layers over time get a mask. */
export function customLayer(name: CustomLayer, padded: boolean): string {
  const isCell = name === 'SharedMaskLSTMCell' || name === 'SharedMaskGRUCell';
  return `${register}\n${source(name, padded)}${padded && !isCell ? noMask : ''}`;
}

function source(name: CustomLayer, padded: boolean): string {
  switch (name) {
    case 'LastStep':
      return padded ? lastRealStep : lastStep;
    case 'MeanOverTime':
      return mean;
    case 'MaxOverTime':
      return max;
    case 'SumOverTime':
      return padded ? maskedSum : sum;
    case 'AdditivePooling':
      return additivePooling(padded);
    case 'DotPooling':
      return dotPooling(padded);
    case 'AdditiveAttention':
      return additiveAttention(padded);
    case 'DotAttention':
      return dotAttention(padded);
    case 'SharedMaskLSTMCell':
      return sharedMaskCell('LSTM', 'four');
    case 'SharedMaskGRUCell':
      return sharedMaskCell('GRU', 'three');
  }
}

const lastStep = `\
class LastStep(layers.Layer):
    """The last step of each row: [batch, time, features] to [batch, features]."""

    def call(self, sequence):
        return sequence[:, -1]`;

const lastRealStep = `\
class LastStep(layers.Layer):
    """The last real step of each row: [batch, time, features] to [batch, features].

    A row without steps gives zeros.
    """

    def call(self, sequence, mask):
        steps = ops.cast(mask, "int32")
        is_last = ops.cumsum(steps, axis=1) == ops.sum(steps, axis=1, keepdims=True)
        is_last = ops.expand_dims(ops.logical_and(is_last, mask), -1)
        return ops.sum(ops.where(is_last, sequence, 0.0), axis=1)`;

const mean = `\
class MeanOverTime(layers.Layer):
    """Mean over the real steps: [batch, time, features] to [batch, features].

    A row without steps gives zeros.
    """

    def call(self, sequence, mask):
        mask = ops.cast(ops.expand_dims(mask, -1), sequence.dtype)
        steps = ops.maximum(ops.sum(mask, axis=1), 1.0)
        return ops.sum(sequence * mask, axis=1) / steps`;

const max = `\
class MaxOverTime(layers.Layer):
    """Maximum over the real steps: [batch, time, features] to [batch, features].

    A row without steps gives zeros.
    """

    def call(self, sequence, mask):
        mask = ops.expand_dims(mask, -1)
        maximum = ops.max(ops.where(mask, sequence, -1e30), axis=1)
        return ops.where(ops.any(mask, axis=1), maximum, 0.0)`;

const sum = `\
class SumOverTime(layers.Layer):
    """Sum over the steps: [batch, time, features] to [batch, features]."""

    def call(self, sequence):
        return ops.sum(sequence, axis=1)`;

const maskedSum = `\
class SumOverTime(layers.Layer):
    """Sum over the real steps: [batch, time, features] to [batch, features]."""

    def call(self, sequence, mask):
        return ops.sum(ops.where(ops.expand_dims(mask, -1), sequence, 0.0), axis=1)`;

const mask = (padded: boolean): string => (padded ? ', mask' : '');

/** Softmax of \`scores\` over the last axis, where the mask is True. */
const softmax = (padded: boolean, expandedMask: string): string =>
  padded
    ? `\
        # No row becomes NaN: one without real steps has weights of 0.
        mask = ${expandedMask}
        weights = ops.softmax(ops.where(mask, scores, -1e9), axis=-1)
        weights = ops.where(mask, weights, 0.0)`
    : `\
        weights = ops.softmax(scores, axis=-1)`;

const realSteps = (padded: boolean): string => (padded ? 'real steps' : 'steps');

const unitsConfig = `\
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
`;
const unitsGetConfig = `\
    def get_config(self):
        return {**super().get_config(), "units": self.units}`;
const memoryWeights = `\
        self.memory_kernel = self.add_weight(
            name="memory_kernel", shape=(memory_shape[-1], self.units)
        )
        self.bias = self.add_weight(
            name="bias", shape=(self.units,), initializer="zeros"
        )
        self.vector = self.add_weight(name="vector", shape=(1, self.units))`;

const scaledConfig = `\
    def __init__(self, scaled, **kwargs):
        super().__init__(**kwargs)
        self.scaled = scaled
`;
const scaledGetConfig = `\
    def get_config(self):
        return {**super().get_config(), "scaled": self.scaled}`;

const additivePooling = (padded: boolean): string => `\
class AdditivePooling(layers.Layer):
    """Weighted mean over the ${realSteps(padded)}, with learned weights.

    Scores e = v . tanh(W m + b) (Bahdanau et al. 2015, without a query):
    memory [batch, time, features] to [batch, features].
    """

${unitsConfig}
    def build(self, memory_shape):
${memoryWeights}

    def call(self, memory${mask(padded)}):
        hidden = ops.tanh(ops.matmul(memory, self.memory_kernel) + self.bias)
        scores = ops.sum(hidden * self.vector, axis=-1)
${softmax(padded, 'mask').replace('        mask = mask\n', '')}
        return ops.sum(ops.expand_dims(weights, -1) * memory, axis=1)

${unitsGetConfig}`;

const dotPooling = (padded: boolean): string => `\
class DotPooling(layers.Layer):
    """Weighted mean over the ${realSteps(padded)}, with learned weights.

    Scores e = v . m, divided by the root of the number of features where
    \`scaled\`: memory [batch, time, features] to [batch, features].
    """

${scaledConfig}
    def build(self, memory_shape):
        self.vector = self.add_weight(name="vector", shape=(1, memory_shape[-1]))

    def call(self, memory${mask(padded)}):
        scores = ops.sum(memory * self.vector, axis=-1)
        if self.scaled:
            scores = scores / memory.shape[-1] ** 0.5
${softmax(padded, 'mask').replace('        mask = mask\n', '')}
        return ops.sum(ops.expand_dims(weights, -1) * memory, axis=1)

${scaledGetConfig}`;

/** A query [batch, features] is a query sequence of one step. */
const asSequence = `\
        one_query = len(query.shape) == 2
        if one_query:
            query = ops.expand_dims(query, 1)`;
const contextOf = `\
        context = ops.matmul(weights, memory)
        return ops.squeeze(context, 1) if one_query else context`;

const queryDocs = `\
    memory [batch, time, features] to [batch, features] for a query
    [batch, query features], and to [batch, query time, features] for a query
    [batch, query time, query features].`;

const additiveAttention = (padded: boolean): string => `\
class AdditiveAttention(layers.Layer):
    """Attention with the scores e = v . tanh(Wq q + Wm m + b) (Bahdanau et al. 2015).

    Gives the mean of the memory's ${realSteps(padded)}, weighted by a softmax of e:
${queryDocs}
    """

${unitsConfig}
    def build(self, query_shape, memory_shape):
        self.query_kernel = self.add_weight(
            name="query_kernel", shape=(query_shape[-1], self.units)
        )
${memoryWeights}

    def call(self, query, memory${mask(padded)}):
${asSequence}
        queries = ops.expand_dims(ops.matmul(query, self.query_kernel), 2)
        keys = ops.expand_dims(ops.matmul(memory, self.memory_kernel), 1)
        hidden = ops.tanh(queries + keys + self.bias)
        scores = ops.sum(hidden * self.vector, axis=-1)
${softmax(padded, 'ops.expand_dims(mask, 1)')}
${contextOf}

${unitsGetConfig}`;

const dotAttention = (padded: boolean): string => `\
class DotAttention(layers.Layer):
    """Attention with the scores e = q . m (Luong et al. 2015).

    \`scaled\` divides them by the root of the number of features. Gives the mean of
    the memory's ${realSteps(padded)}, weighted by a softmax of e:
${queryDocs}
    """

${scaledConfig}
    def call(self, query, memory${mask(padded)}):
${asSequence}
        scores = ops.matmul(query, ops.transpose(memory, (0, 2, 1)))
        if self.scaled:
            scores = scores / memory.shape[-1] ** 0.5
${softmax(padded, 'ops.expand_dims(mask, 1)')}
${contextOf}

${scaledGetConfig}`;

const sharedMaskCell = (cell: 'LSTM' | 'GRU', gates: string): string => `\
class SharedMask${cell}Cell(layers.${cell}Cell):
    """A ${cell} cell whose ${gates} gates share one dropout mask a row.

    The stock cell draws a mask for each gate where it has recurrent dropout.
    """

    def get_dropout_mask(self, step_input):
        masks = super().get_dropout_mask(step_input)
        return None if masks is None else [masks[0]] * len(masks)

    def get_recurrent_dropout_mask(self, step_input):
        masks = super().get_recurrent_dropout_mask(step_input)
        return None if masks is None else [masks[0]] * len(masks)`;
