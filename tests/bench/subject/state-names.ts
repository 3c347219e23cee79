/** The parts of a cell's state, in order. */
export const stateNames = ({ cell }: { cell: 'rnn' | 'lstm' | 'gru' }): string[] =>
  cell === 'lstm' ? ['h', 'c'] : ['h'];
