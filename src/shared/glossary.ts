/**
 * What the field's terms mean, in one or two sentences: tooltips, the forms' descriptions and the window's
 * glossary read them here. Terms of one block alone (its units, its gates) are explained in its file of the catalog.
 */
export interface Entry {
  /** As the list of all terms heads it. */
  readonly name: string;
  readonly meaning: string;
  /** Where it was introduced, or is defined as here. */
  readonly source?: string;
}

export const glossary = {
  // Recurrent networks
  hiddenState: {
    name: 'Hidden state',
    meaning:
      'The vector h that a recurrent layer hands from one time step to the next, and to the layer above: what it remembers of the sequence so far. Its size is the number of units.',
    source: 'Elman 1990',
  },
  cellState: {
    name: 'Cell state',
    meaning:
      'The LSTM’s second vector c, which gates only scale and add to. Where the forget gate stays near 1, gradients pass through it over many steps.',
    source: 'Hochreiter & Schmidhuber 1997; Gers et al. 2000',
  },
  gate: {
    name: 'Gate',
    meaning:
      'Numbers between 0 and 1, computed from input and hidden state, that multiply a vector: they decide what is kept, written or shown.',
    source: 'Hochreiter & Schmidhuber 1997',
  },
  returnSequences: {
    name: 'All steps or last step',
    meaning:
      'All steps gives the hidden state of every time step, for tagging, forecasting each step or a further recurrent layer; last step gives one vector for the whole sequence, for classification. Keras calls it return_sequences.',
  },
  bidirectional: {
    name: 'Bidirectional',
    meaning:
      'Two recurrences read the sequence from both ends, so that every step knows what comes before and after. It needs the whole sequence, so it can’t predict what comes next.',
    source: 'Schuster & Paliwal 1997',
  },
  stateful: {
    name: 'Stateful',
    meaning:
      'A recurrent layer that begins a batch with the state in which the last one ended, instead of with zeros. It lets a network remember across windows of one long text.',
  },
  teacherForcing: {
    name: 'Teacher forcing',
    meaning:
      'In training, each step is given the true token before it, not the one that the network predicted. When it generates it has only its own, so that errors can build up.',
    source: 'Williams & Zipser 1989',
  },
  bptt: {
    name: 'Backpropagation through time',
    meaning:
      'The recurrence is unrolled into one copy of the cell for each time step, all with the same weights; the gradients of the copies are added up.',
    source: 'Werbos 1990',
  },
  truncatedBptt: {
    name: 'Truncated backpropagation through time',
    meaning:
      'Gradients go back over a limited number of steps only, to bound time and memory. What lies further back can still act through the state, but is not learned from.',
    source: 'Williams & Peng 1990',
  },
  vanishingGradients: {
    name: 'Vanishing and exploding gradients',
    meaning:
      'Going back through time, a gradient is multiplied with the recurrent weights at each step: it shrinks or grows exponentially. Gates help against the first, clipping against the second.',
    source: 'Bengio et al. 1994; Pascanu et al. 2013',
  },
  dropout: {
    name: 'Dropout',
    meaning:
      'In training, sets a random share of the inputs to zero and scales up the rest, so that no unit can rely on a single other one. When predicting, nothing is dropped.',
    source: 'Srivastava et al. 2014',
  },
  recurrentDropout: {
    name: 'Recurrent dropout',
    meaning:
      'Dropout on the hidden state that the gates read from the step before. The same elements are dropped at every step of a sequence, because fresh noise at each would destroy the memory.',
    source: 'Gal & Ghahramani 2016',
  },
  layerNorm: {
    name: 'Layer normalization',
    meaning:
      'Brings the features of each step to mean 0 and variance 1, then scales and shifts them by learned numbers. It does not depend on the other rows of the batch.',
    source: 'Ba et al. 2016',
  },
  embedding: {
    name: 'Embedding',
    meaning:
      'A table with a learned vector for each token of the vocabulary. Tokens that are used alike come to have similar vectors.',
    source: 'Bengio et al. 2003',
  },
  attention: {
    name: 'Attention',
    meaning:
      'A weighted mean of all time steps, with weights that the network computes from what it is looking for. It reaches any step at once, however far back.',
    source: 'Bahdanau et al. 2015',
  },
  overfitting: {
    name: 'Overfitting',
    meaning:
      'The network learns the training rows by heart: its training loss goes on falling while the validation loss rises.',
  },

  // Training
  epoch: {
    name: 'Epoch',
    meaning: 'One pass over all training rows. More epochs learn more, until the network overfits.',
  },
  batch: {
    name: 'Batch',
    meaning:
      'The rows whose gradients are averaged for one step. Larger batches give steadier steps, fewer of them in an epoch, and need more memory.',
  },
  optimizer: {
    name: 'Optimizer',
    meaning: 'How a gradient becomes a step of the weights.',
  },
  learningRate: {
    name: 'Learning rate',
    meaning:
      'The size of a step along the gradient. Too large and the loss jumps or grows; too small and it hardly falls.',
  },
  momentum: {
    name: 'Momentum',
    meaning: 'The share of the last step that the next one keeps: it smooths the direction.',
    source: 'Sutskever et al. 2013',
  },
  nesterov: {
    name: 'Nesterov momentum',
    meaning: 'Looks at the gradient where the momentum is about to lead, and not where it is.',
    source: 'Sutskever et al. 2013',
  },
  beta1: {
    name: 'β₁ of Adam',
    meaning: 'How slowly the running mean of the gradients forgets: near 1 it averages over many.',
    source: 'Kingma & Ba 2015',
  },
  beta2: {
    name: 'β₂ of Adam',
    meaning:
      'How slowly the running mean of the squared gradients forgets; each weight’s step is divided by its root.',
    source: 'Kingma & Ba 2015',
  },
  squareDecay: {
    name: 'Decay of the squares (RMSprop)',
    meaning:
      'How slowly the running mean of the squared gradients forgets; each weight’s step is divided by its root.',
    source: 'Tieleman & Hinton 2012',
  },
  optimizerEpsilon: {
    name: 'ε of the optimizer',
    meaning:
      'Added to the root that divides a step (outside the root, as in PyTorch), so that a weight with hardly any gradient takes no huge step.',
  },
  weightDecay: {
    name: 'Weight decay',
    meaning:
      'Each step shrinks every weight by this times the learning rate, apart from the gradient: large weights have to earn their size.',
    source: 'Loshchilov & Hutter 2019',
  },
  schedule: {
    name: 'Learning rate schedule',
    meaning: 'How the learning rate changes while the network trains.',
  },
  warmUp: {
    name: 'Warm-up',
    meaning: 'Steps over which the learning rate grows from zero to its value.',
  },
  cosineFinal: {
    name: 'Cosine schedule: final share',
    meaning: 'The share of the learning rate that is left at the last step, after half a cosine.',
    source: 'Loshchilov & Hutter 2017',
  },
  decaySteps: {
    name: 'Step schedule: every',
    meaning: 'Epochs between two reductions of the learning rate.',
  },
  decayFactor: {
    name: 'Step schedule: factor',
    meaning: 'What the learning rate is multiplied with at each reduction.',
  },
  plateauPatience: {
    name: 'Plateau schedule: patience',
    meaning: 'Epochs without a lower validation loss before the learning rate is reduced.',
  },
  minimumLearningRate: {
    name: 'Minimum learning rate',
    meaning: 'The learning rate is never reduced below this.',
  },
  clipNorm: {
    name: 'Gradient clipping by norm',
    meaning:
      'Where the gradient of all weights together is longer than this, it is shortened to it. It keeps a recurrent network’s exploding gradients from ruining the weights.',
    source: 'Pascanu et al. 2013',
  },
  clipValue: {
    name: 'Gradient clipping by value',
    meaning: 'Every element of the gradient is cut to ± this, before its norm is looked at.',
  },
  classWeights: {
    name: 'Class weights',
    meaning:
      'Balanced: in the training loss, each row counts by how rare its class is (all rows ÷ classes ÷ rows of its class), so that a rare class matters as much as a common one. Where classes are hard to tell apart, more of the rare one is found, and more is taken for it. Validation and test loss and every other score stay unweighted.',
    source: 'King & Zeng 2001',
  },
  earlyStopping: {
    name: 'Early stopping',
    meaning:
      'Ends the training when the validation score has stopped to improve, before the network learns the training rows by heart.',
  },
  monitor: {
    name: 'Early stopping: monitor',
    meaning: 'What has to improve: the validation loss, or the task’s own score.',
  },
  patience: {
    name: 'Early stopping: patience',
    meaning: 'Epochs without improvement after which the training ends.',
  },
  minimumChange: {
    name: 'Early stopping: minimum change',
    meaning: 'A smaller gain than this does not count as an improvement.',
  },
  restoreBest: {
    name: 'Restore best weights',
    meaning: 'Puts the weights of the best epoch back at the end, instead of those of the last.',
  },
  bucketing: {
    name: 'Bucketing',
    meaning:
      'Puts rows of similar length into the same batch, so that little is padded and less is computed.',
  },
  shuffle: {
    name: 'Shuffle',
    meaning:
      'Visits the rows in another order in each epoch, so that a batch is not always the same rows.',
  },
  seed: {
    name: 'Seed',
    meaning:
      'Where the random numbers start: initial weights, order of the rows, dropout. The same seed on the same device gives the same run.',
  },

  // Data
  padding: {
    name: 'Padding',
    meaning:
      'Fills shorter rows of a batch up to the longest. The network’s masks leave these steps out of state, loss and scores.',
  },
  vocabulary: {
    name: 'Vocabulary',
    meaning:
      'The tokens that the network knows, collected from the training rows alone. Each has a number, and a row of the embedding.',
  },
  unknownToken: {
    name: 'Unknown token',
    meaning:
      'Stands for every token that is not in the vocabulary: the network can’t tell them apart.',
  },
  masking: {
    name: 'Masking',
    meaning:
      'Marks the steps that are padding. There the state is carried on unchanged, and neither loss nor scores count them.',
  },
  packedSequences: {
    name: 'Packed sequences',
    meaning:
      'PyTorch’s form of a batch of rows of different length (pack_padded_sequence): it holds the real steps only, so that nothing is computed for padding. The result is that of masking.',
  },
  window: {
    name: 'Window',
    meaning: 'A piece of fixed length, cut from a long text or series: one training row.',
  },
  stride: {
    name: 'Stride',
    meaning:
      'How far the start of a window lies behind that of the one before it. A stride smaller than the window gives more rows, which overlap.',
  },
  leakage: {
    name: 'Leakage',
    meaning:
      'Something about the test rows is known in training: a duplicate, an overlapping window, a scaler fitted on all rows. Scores are then better than the network is.',
    source: 'Kaufman et al. 2012',
  },

  // Scores
  loss: {
    name: 'Loss',
    meaning:
      'What training makes smaller, averaged over the real steps or rows: cross-entropy for classes and tokens, an error for values.',
  },
  accuracy: {
    name: 'Accuracy',
    meaning: 'The share of the predictions whose most probable class is the right one.',
  },
  perplexity: {
    name: 'Perplexity',
    meaning:
      'e to the mean cross-entropy of a token: the network is as unsure as if it chose evenly among this many tokens.',
    source: 'Jelinek et al. 1977',
  },
  mae: {
    name: 'MAE',
    meaning: 'Mean absolute error: how far off a value is on average, in the data’s own unit.',
  },
  rmse: {
    name: 'RMSE',
    meaning:
      'Root of the mean squared error, in the data’s own unit: large errors weigh more than in the MAE.',
  },
  persistence: {
    name: 'Persistence forecast',
    meaning:
      'The MAE of the simplest forecast, which repeats the last known value. A network has to beat it.',
  },
  residual: {
    name: 'Residual',
    meaning:
      'Predicted minus actual. A pattern in it is something that the network has not learned.',
  },
  precision: {
    name: 'Precision',
    meaning: 'Of what the network called this class, the share that is.',
  },
  recall: {
    name: 'Recall',
    meaning: 'Of what is this class, the share that the network found.',
  },
  f1: {
    name: 'F1',
    meaning: 'The harmonic mean of precision and recall: high only where both are.',
    source: 'van Rijsbergen 1979',
  },
  confusionMatrix: {
    name: 'Confusion matrix',
    meaning:
      'How often each actual class was called each class. What is right stands on the diagonal.',
  },
  gradientFlow: {
    name: 'Gradient flow ‖∂L/∂h‖',
    meaning:
      'How strongly the loss depends on the hidden state of a time step. Where it is next to nothing, what stands there teaches the network nothing.',
    source: 'Bengio et al. 1994; Pascanu et al. 2013',
  },
  horizon: {
    name: 'Horizon',
    meaning: 'How many steps ahead a value is predicted.',
  },
  crossEntropy: {
    name: 'Cross-entropy',
    meaning:
      'The mean of −log of the probability that the network gave to the right class or token. It is 0 only for certainty that is right, and grows without bound for certainty that is wrong.',
  },
  temperature: {
    name: 'Temperature',
    meaning:
      'Divides the scores before they become probabilities: below 1 the likely tokens become likelier and the text safer, above 1 it becomes more varied.',
    source: 'Ackley et al. 1985',
  },
} as const satisfies Record<string, Entry>;

export type TermId = keyof typeof glossary;

/** The meaning with its source, for a tooltip. */
export function explain(term: TermId): string {
  const { meaning, source }: Entry = glossary[term];
  return source === undefined ? meaning : `${meaning} (${source})`;
}

/** Every term, by name. */
export const allTerms: readonly Entry[] = Object.values<Entry>(glossary).sort((a, b) =>
  a.name.localeCompare(b.name, 'en'),
);

/** The terms that have the text in them, those with it in their name first. */
export function findTerms(text: string): readonly Entry[] {
  const wanted = text.trim().toLowerCase();
  const has = (part = ''): boolean => part.toLowerCase().includes(wanted);
  const named = allTerms.filter(({ name }) => has(name));
  const described = allTerms.filter(
    ({ name, meaning, source }) => !has(name) && (has(meaning) || has(source)),
  );
  return [...named, ...described];
}
