/** A layer with one input is given the tensor, or a list with it. */
export const only = (inputs) => (Array.isArray(inputs) ? inputs[0] : inputs);
