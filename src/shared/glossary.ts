/**
 * What the field's terms mean, in one or two sentences: tooltips and the forms' descriptions read them
 * here. Terms of one block alone (its units, its gates) are explained in its file of the catalog.
 */
export interface Entry {
  readonly meaning: string;
  /** Where it was introduced, or is defined as here. */
  readonly source?: string;
}

export const glossary = {
  // Training
  epoch: {
    meaning: 'One pass over all training rows. More epochs learn more, until the network overfits.',
  },
  batch: {
    meaning:
      'The rows whose gradients are averaged for one step. Larger batches give steadier steps, fewer of them in an epoch, and need more memory.',
  },
  optimizer: {
    meaning: 'How a gradient becomes a step of the weights.',
  },
  learningRate: {
    meaning:
      'The size of a step along the gradient. Too large and the loss jumps or grows; too small and it hardly falls.',
  },
  momentum: {
    meaning: 'The share of the last step that the next one keeps: it smooths the direction.',
    source: 'Sutskever et al. 2013',
  },
  nesterov: {
    meaning: 'Looks at the gradient where the momentum is about to lead, and not where it is.',
    source: 'Sutskever et al. 2013',
  },
  beta1: {
    meaning: 'How slowly the running mean of the gradients forgets: near 1 it averages over many.',
    source: 'Kingma & Ba 2015',
  },
  beta2: {
    meaning:
      'How slowly the running mean of the squared gradients forgets; each weight’s step is divided by its root.',
    source: 'Kingma & Ba 2015',
  },
  squareDecay: {
    meaning:
      'How slowly the running mean of the squared gradients forgets; each weight’s step is divided by its root.',
    source: 'Tieleman & Hinton 2012',
  },
  optimizerEpsilon: {
    meaning:
      'Added to the root that divides a step (outside the root, as in PyTorch), so that a weight with hardly any gradient takes no huge step.',
  },
  weightDecay: {
    meaning:
      'Each step shrinks every weight by this times the learning rate, apart from the gradient: large weights have to earn their size.',
    source: 'Loshchilov & Hutter 2019',
  },
  schedule: {
    meaning: 'How the learning rate changes while the network trains.',
  },
  warmUp: {
    meaning: 'Steps over which the learning rate grows from zero to its value.',
  },
  cosineFinal: {
    meaning: 'The share of the learning rate that is left at the last step, after half a cosine.',
    source: 'Loshchilov & Hutter 2017',
  },
  decaySteps: {
    meaning: 'Epochs between two reductions of the learning rate.',
  },
  decayFactor: {
    meaning: 'What the learning rate is multiplied with at each reduction.',
  },
  plateauPatience: {
    meaning: 'Epochs without a lower validation loss before the learning rate is reduced.',
  },
  minimumLearningRate: {
    meaning: 'The learning rate is never reduced below this.',
  },
  clipNorm: {
    meaning:
      'Where the gradient of all weights together is longer than this, it is shortened to it. It keeps a recurrent network’s exploding gradients from ruining the weights.',
    source: 'Pascanu et al. 2013',
  },
  clipValue: {
    meaning: 'Every element of the gradient is cut to ± this, before its norm is looked at.',
  },
  classWeights: {
    meaning:
      'Balanced: in the training loss, each row counts by how rare its class is (all rows ÷ classes ÷ rows of its class), so that a rare class matters as much as a common one. Where classes are hard to tell apart, more of the rare one is found, and more is taken for it. Validation and test loss and every other score stay unweighted.',
    source: 'King & Zeng 2001',
  },
  earlyStopping: {
    meaning:
      'Ends the training when the validation score has stopped to improve, before the network learns the training rows by heart.',
  },
  monitor: {
    meaning: 'What has to improve: the validation loss, or the task’s own score.',
  },
  patience: {
    meaning: 'Epochs without improvement after which the training ends.',
  },
  minimumChange: {
    meaning: 'A smaller gain than this does not count as an improvement.',
  },
  restoreBest: {
    meaning: 'Puts the weights of the best epoch back at the end, instead of those of the last.',
  },
  bucketing: {
    meaning:
      'Puts rows of similar length into the same batch, so that little is padded and less is computed.',
  },
  shuffle: {
    meaning:
      'Visits the rows in another order in each epoch, so that a batch is not always the same rows.',
  },
  seed: {
    meaning:
      'Where the random numbers start: initial weights, order of the rows, dropout. The same seed on the same device gives the same run.',
  },

  // Data
  padding: {
    meaning:
      'Fills shorter rows of a batch up to the longest. The network’s masks leave these steps out of state, loss and scores.',
  },
  vocabulary: {
    meaning:
      'The tokens that the network knows, collected from the training rows alone. Each has a number, and a row of the embedding.',
  },
  unknownToken: {
    meaning:
      'Stands for every token that is not in the vocabulary: the network can’t tell them apart.',
  },

  // Scores
  loss: {
    meaning:
      'What training makes smaller, averaged over the real steps or rows: cross-entropy for classes and tokens, an error for values.',
  },
  accuracy: {
    meaning: 'The share of the predictions whose most probable class is the right one.',
  },
  perplexity: {
    meaning:
      'e to the mean cross-entropy of a token: the network is as unsure as if it chose evenly among this many tokens.',
    source: 'Jelinek et al. 1977',
  },
  mae: {
    meaning: 'Mean absolute error: how far off a value is on average, in the data’s own unit.',
  },
  rmse: {
    meaning:
      'Root of the mean squared error, in the data’s own unit: large errors weigh more than in the MAE.',
  },
  persistence: {
    meaning:
      'The MAE of the simplest forecast, which repeats the last known value. A network has to beat it.',
  },
  residual: {
    meaning:
      'Predicted minus actual. A pattern in it is something that the network has not learned.',
  },
  precision: {
    meaning: 'Of what the network called this class, the share that is.',
  },
  recall: {
    meaning: 'Of what is this class, the share that the network found.',
  },
  f1: {
    meaning: 'The harmonic mean of precision and recall: high only where both are.',
    source: 'van Rijsbergen 1979',
  },
  confusionMatrix: {
    meaning:
      'How often each actual class was called each class. What is right stands on the diagonal.',
  },
  gradientFlow: {
    meaning:
      'How strongly the loss depends on the hidden state of a time step. Where it is next to nothing, what stands there teaches the network nothing.',
    source: 'Bengio et al. 1994; Pascanu et al. 2013',
  },
  horizon: {
    meaning: 'How many steps ahead a value is predicted.',
  },
} as const satisfies Record<string, Entry>;

export type TermId = keyof typeof glossary;

/** The meaning with its source, for a tooltip. */
export function explain(term: TermId): string {
  const { meaning, source }: Entry = glossary[term];
  return source === undefined ? meaning : `${meaning} (${source})`;
}
