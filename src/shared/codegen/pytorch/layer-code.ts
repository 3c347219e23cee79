/** The Python text of every helper that layers.py can hold. */
const stepMask = `\
def step_mask(lengths: Tensor, time_steps: int) -> Tensor:
    """True at the real steps of each row: lengths [batch] -> [batch, time]."""
    return torch.arange(time_steps, device=lengths.device) < lengths[:, None]`;

const reverseSteps = `\
def reverse_steps(x: Tensor, lengths: Tensor) -> Tensor:
    """Real steps from last to first, [batch, time, features]; padding stays."""
    steps = torch.arange(x.shape[1], device=x.device)
    last = lengths[:, None] - 1
    index = torch.where(steps <= last, last - steps, steps)
    return x.gather(1, index[:, :, None].expand_as(x))`;

const keepState = `\
def keep_state(moves: Tensor, new, old):
    """The new state of the rows that move on, [batch, 1]; the old one of the others."""
    if isinstance(new, tuple):
        return tuple(keep_state(moves, *pair) for pair in zip(new, old))
    return torch.where(moves, new, old)`;

const runRnn = `\
def run_rnn(rnn: nn.RNNBase, x: Tensor, lengths: Tensor, state=None):
    """Runs an nn.RNN, nn.GRU or nn.LSTM over the real steps of padded rows.

    x [batch, time, features], lengths [batch], state as the layer takes it -> outputs
    [batch, time, hidden], zero beyond a row's length, and the final state, which is the
    initial one for a row of length 0.
    """
    packed = pack_padded_sequence(
        x, lengths.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False
    )
    packed, final = rnn(packed, state)
    outputs, _ = pad_packed_sequence(packed, batch_first=True, total_length=x.shape[1])
    moves = (lengths > 0)[:, None]
    if not moves.all():
        if state is None:
            zeros = torch.zeros_like(final[0] if isinstance(final, tuple) else final)
            state = (zeros, zeros) if isinstance(final, tuple) else zeros
        outputs = outputs * moves[:, None]
        final = keep_state(moves, final, state)
    return outputs, final`;

const splitState = `\
def split_state(state) -> list:
    """The state of several layers or directions, [layers, batch, hidden], one by one."""
    if isinstance(state, tuple):
        return list(zip(*(part.split(1) for part in state)))
    return list(state.split(1))`;

const joinStates = `\
def join_states(states: list):
    """States of [1, batch, hidden] each, as one of [layers, batch, hidden]."""
    if isinstance(states[0], tuple):
        return tuple(torch.cat(parts) for parts in zip(*states))
    return torch.cat(states)`;

const initialize = (lstm: boolean): string => `\
def initialize_rnn(rnn: nn.Module) -> None:
    """Glorot-uniform input weights, orthogonal recurrent weights, and biases of zero.

    Each gate's recurrent weights are orthogonal by themselves.${
      lstm
        ? ` An LSTM's forget gate
    starts open: its bias is 1 (Gers et al. 2000).`
        : ''
    }
    """
    for name, parameter in rnn.named_parameters():
        if "weight_ih" in name:
            nn.init.xavier_uniform_(parameter)
        elif "weight_hh" in name:
            for gate in parameter.detach().split(rnn.hidden_size):
                nn.init.orthogonal_(gate)
        else:
            nn.init.zeros_(parameter)${
              lstm
                ? `
            gates = parameter.numel() // rnn.hidden_size
            if gates == 4 and "bias_hh" not in name:
                nn.init.ones_(parameter.detach().chunk(gates)[1])`
                : ''
            }`;

const freezeSecondBias = `\
def freeze_second_bias(rnn: nn.RNNBase) -> None:
    """Leaves one bias a gate to train; PyTorch's second one stays zero."""
    for name, parameter in rnn.named_parameters():
        if "bias_hh" in name:
            parameter.requires_grad_(False)`;

const l2Penalty = `\
def l2_penalty(layer: nn.Module, factor: float) -> Tensor:
    """The sum of the layer's squared weights, without biases, times the factor."""
    weights = [p for name, p in layer.named_parameters() if "weight" in name]
    return factor * torch.stack([weight.square().sum() for weight in weights]).sum()`;

const lockedDropout = `\
class LockedDropout(nn.Module):
    """Drops the same features at every step of a sequence (Gal & Ghahramani 2016)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """[batch, time, features] -> the same."""
        mask = F.dropout(torch.ones_like(x[:, :1]), self.rate, self.training)
        return x * mask`;

const stepwiseLayer = (padded: boolean): string => `\
class StepwiseLayer(nn.Module):
    """A recurrent layer computed step by step, for what nn.LSTM and nn.GRU don't offer.

    While training, recurrent_dropout of h is hidden from the gates, the same units at
    every step (Gal & Ghahramani 2016).
    """

    gates: int

    def __init__(
        self, input_size: int, hidden_size: int, recurrent_dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.recurrent_dropout = recurrent_dropout
        width = self.gates * hidden_size
        self.weight_ih = nn.Parameter(torch.empty(width, input_size))
        self.weight_hh = nn.Parameter(torch.empty(width, hidden_size))
        self.bias = nn.Parameter(torch.empty(width))

    def initial_state(self, x: Tensor):
        """Zeros, [1, batch, hidden]."""
        return x.new_zeros(1, x.shape[0], self.hidden_size)

    def step(self, gates: Tensor, state, mask: Tensor):
        """The next state, from the input's part of the gates [batch, width]."""
        raise NotImplementedError

    def forward(self, x: Tensor${padded ? ', lengths: Tensor' : ''}, state=None):
        """x [batch, time, input]${padded ? ', lengths [batch]' : ''} -> outputs [batch, time, hidden],
        final state."""
        state = self.initial_state(x) if state is None else state
        mask = F.dropout(
            x.new_ones(x.shape[0], self.hidden_size),
            self.recurrent_dropout,
            self.training,
        )
        inputs = F.linear(x, self.weight_ih, self.bias)
        outputs = []
        for t in range(x.shape[1]):
${
  padded
    ? `\
            moves = (t < lengths)[:, None]
            state = keep_state(moves, self.step(inputs[:, t], state, mask), state)
            h = state[0] if isinstance(state, tuple) else state
            outputs.append(h[0] * moves)`
    : `\
            state = self.step(inputs[:, t], state, mask)
            h = state[0] if isinstance(state, tuple) else state
            outputs.append(h[0])`
}
        return torch.stack(outputs, dim=1), state`;

const stepwiseRnn = `\
class StepwiseRNN(StepwiseLayer):
    """h' = activation(W x + U h + b) (Elman 1990)."""

    gates = 1

    def __init__(self, *sizes: int, nonlinearity: str = "tanh", **options) -> None:
        super().__init__(*sizes, **options)
        self.activation = torch.relu if nonlinearity == "relu" else torch.tanh

    def step(self, gates: Tensor, state: Tensor, mask: Tensor) -> Tensor:
        return self.activation(gates + F.linear(state * mask, self.weight_hh))`;

const stepwiseLstm = `\
class StepwiseLSTM(StepwiseLayer):
    """nn.LSTM's cell, gates in the order i f g o; the state is the pair (h, c)."""

    gates = 4

    def initial_state(self, x: Tensor) -> tuple[Tensor, Tensor]:
        zeros = super().initial_state(x)
        return zeros, zeros

    def step(
        self, gates: Tensor, state: tuple[Tensor, Tensor], mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        h, c = state
        i, f, g, o = (gates + F.linear(h * mask, self.weight_hh)).chunk(4, dim=-1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c`;

const stepwiseGru = `\
class StepwiseGRU(StepwiseLayer):
    """nn.GRU's cell, gates in the order r z n, with a second bias inside the reset."""

    gates = 3

    def __init__(self, *sizes: int, **options) -> None:
        super().__init__(*sizes, **options)
        self.bias_hh = nn.Parameter(torch.empty_like(self.bias))

    def step(self, gates: Tensor, h: Tensor, mask: Tensor) -> Tensor:
        r, z, n = gates.chunk(3, dim=-1)
        hidden = F.linear(h * mask, self.weight_hh, self.bias_hh)
        r_hidden, z_hidden, n_hidden = hidden.chunk(3, dim=-1)
        r, z = torch.sigmoid(r + r_hidden), torch.sigmoid(z + z_hidden)
        return (1 - z) * torch.tanh(n + r * n_hidden) + z * h`;

const resetBeforeGru = `\
class ResetBeforeGRU(StepwiseLayer):
    """The GRU of Cho et al. (2014), version 1: r multiplies h before the product.

    n = tanh(W x + b + U (r * h)). Gates in nn.GRU's order r z n, with one bias.
    """

    gates = 3

    def step(self, gates: Tensor, h: Tensor, mask: Tensor) -> Tensor:
        r, z, n = gates.chunk(3, dim=-1)
        r_weight, z_weight, n_weight = self.weight_hh.chunk(3)
        hidden = h * mask
        r = torch.sigmoid(r + F.linear(hidden, r_weight))
        z = torch.sigmoid(z + F.linear(hidden, z_weight))
        n = torch.tanh(n + F.linear(r * hidden, n_weight))
        return (1 - z) * n + z * h`;

const lastStep = `\
def last_step(x: Tensor, lengths: Tensor) -> Tensor:
    """Each row's last real step, [batch, time, features] -> [batch, features]."""
    rows = torch.arange(x.shape[0], device=x.device)
    return x[rows, (lengths - 1).clamp(min=0)] * (lengths > 0)[:, None]`;

const maskedMax = `\
def masked_max(x: Tensor, lengths: Tensor) -> Tensor:
    """Maximum over the real steps, [batch, time, features] -> [batch, features]."""
    padding = ~step_mask(lengths, x.shape[1])
    lowest = torch.finfo(x.dtype).min
    maximum = x.masked_fill(padding[:, :, None], lowest).max(dim=1).values
    return maximum * (lengths > 0)[:, None]`;

const maskedSum = `\
def masked_sum(x: Tensor, lengths: Tensor) -> Tensor:
    """Sum over the real steps, [batch, time, features] -> [batch, features]."""
    return (x * step_mask(lengths, x.shape[1])[:, :, None]).sum(dim=1)`;

const maskedMean = `\
def masked_mean(x: Tensor, lengths: Tensor) -> Tensor:
    """Mean over the real steps, [batch, time, features] -> [batch, features]."""
    return masked_sum(x, lengths) / lengths.clamp(min=1)[:, None]`;

const attentionWeights = (padded: boolean): string =>
  padded
    ? `\
def attention_weights(scores: Tensor, lengths: Tensor) -> Tensor:
    """Softmax over the real steps: scores [batch, queries, time] -> the same."""
    mask = step_mask(lengths, scores.shape[-1])[:, None]
    scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    return scores.softmax(dim=-1) * mask`
    : `\
def attention_weights(scores: Tensor) -> Tensor:
    """Softmax over the steps: scores [batch, queries, time] -> the same."""
    return scores.softmax(dim=-1)`;

const additivePooling = (lengths: string, typed: string, shape: string): string => `\
class AdditivePooling(nn.Module):
    """Weighs steps by the score v . tanh(W m + b) (Bahdanau et al. 2015)."""

    def __init__(self, memory_size: int, units: int) -> None:
        super().__init__()
        self.memory = nn.Linear(memory_size, units)
        self.score = nn.Linear(units, 1, bias=False)

    def forward(self, memory: Tensor${typed}) -> tuple[Tensor, Tensor]:
        """memory [batch, time, features]${shape} -> context [batch, features],
        weights [batch, time]."""
        scores = self.score(torch.tanh(self.memory(memory))).transpose(1, 2)
        weights = attention_weights(scores${lengths})
        return (weights @ memory).squeeze(1), weights.squeeze(1)`;

const dotPooling = (lengths: string, typed: string, shape: string): string => `\
class DotPooling(nn.Module):
    """Weighs the steps of a sequence by their product with a learned vector."""

    def __init__(self, memory_size: int, scale: float = 1.0) -> None:
        super().__init__()
        self.score = nn.Linear(memory_size, 1, bias=False)
        self.scale = scale

    def forward(self, memory: Tensor${typed}) -> tuple[Tensor, Tensor]:
        """memory [batch, time, features]${shape} -> context [batch, features],
        weights [batch, time]."""
        scores = self.score(memory).transpose(1, 2) * self.scale
        weights = attention_weights(scores${lengths})
        return (weights @ memory).squeeze(1), weights.squeeze(1)`;

const queryForward = (typed: string): string =>
  typed === ''
    ? '    def forward(self, query: Tensor, memory: Tensor) -> tuple[Tensor, Tensor]:'
    : `\
    def forward(
        self, query: Tensor, memory: Tensor${typed}
    ) -> tuple[Tensor, Tensor]:`;

const additiveAttention = (lengths: string, typed: string, shape: string): string => `\
class AdditiveAttention(nn.Module):
    """Score v . tanh(Q q + W m + b) of each query and step (Bahdanau et al. 2015)."""

    def __init__(self, query_size: int, memory_size: int, units: int) -> None:
        super().__init__()
        self.query = nn.Linear(query_size, units, bias=False)
        self.memory = nn.Linear(memory_size, units)
        self.score = nn.Linear(units, 1, bias=False)

${queryForward(typed)}
        """query [batch, queries, Q], memory [batch, time, F]${shape} ->
        context [batch, queries, F], weights [batch, queries, time]."""
        sums = self.query(query)[:, :, None] + self.memory(memory)[:, None]
        scores = self.score(torch.tanh(sums)).squeeze(-1)
        weights = attention_weights(scores${lengths})
        return weights @ memory, weights`;

const dotAttention = (lengths: string, typed: string, shape: string): string => `\
class DotAttention(nn.Module):
    """Score q . m of each query and step (Luong et al. 2015), times a scale."""

    def __init__(self, scale: float = 1.0) -> None:
        super().__init__()
        self.scale = scale

${queryForward(typed)}
        """query [batch, queries, F], memory [batch, time, F]${shape} ->
        context [batch, queries, F], weights [batch, queries, time]."""
        scores = query @ memory.transpose(1, 2) * self.scale
        weights = attention_weights(scores${lengths})
        return weights @ memory, weights`;

export interface HelperFacts {
  /** Rows are padded. */
  padded: boolean;
  /** A cell is an LSTM. */
  lstm: boolean;
}

export interface Helper {
  name: string;
  code: string;
}

/** In the order in which they are written; a helper uses earlier ones only. */
export function helpers({ padded, lstm }: HelperFacts): Helper[] {
  /** A parameter, argument or line of docstring that padded networks have. */
  const lengths = padded ? ', lengths' : '';
  const typed = padded ? ', lengths: Tensor' : '';
  const shape = padded ? ', lengths [batch]' : '';
  return [
    { name: 'step_mask', code: stepMask },
    { name: 'reverse_steps', code: reverseSteps },
    { name: 'keep_state', code: keepState },
    { name: 'run_rnn', code: runRnn },
    { name: 'split_state', code: splitState },
    { name: 'join_states', code: joinStates },
    { name: 'initialize_rnn', code: initialize(lstm) },
    { name: 'freeze_second_bias', code: freezeSecondBias },
    { name: 'l2_penalty', code: l2Penalty },
    { name: 'LockedDropout', code: lockedDropout },
    { name: 'StepwiseLayer', code: stepwiseLayer(padded) },
    { name: 'StepwiseRNN', code: stepwiseRnn },
    { name: 'StepwiseLSTM', code: stepwiseLstm },
    { name: 'StepwiseGRU', code: stepwiseGru },
    { name: 'ResetBeforeGRU', code: resetBeforeGru },
    { name: 'last_step', code: lastStep },
    { name: 'masked_max', code: maskedMax },
    { name: 'masked_sum', code: maskedSum },
    { name: 'masked_mean', code: maskedMean },
    { name: 'attention_weights', code: attentionWeights(padded) },
    { name: 'AdditivePooling', code: additivePooling(lengths, typed, shape) },
    { name: 'DotPooling', code: dotPooling(lengths, typed, shape) },
    { name: 'AdditiveAttention', code: additiveAttention(lengths, typed, shape) },
    { name: 'DotAttention', code: dotAttention(lengths, typed, shape) },
  ];
}
