/** What `verify.py` of PyTorch and of Keras checks alike, beside the outputs. */

/** Body of `same_inputs`, for tokens: what people give becomes the recorded ids. */
export const sameTokens = `\
    rows = zip(recorded["ids"].tolist(), recorded["lengths"].tolist())
    encoded = [encode_input(given) for given in inputs]
    return encoded == [ids[:length] for ids, length in rows]`;

/** @param model the framework's class of models. */
export const sameTextFunction = (model: string): string => `\
def same_text(model: ${model}, recorded: dict | None) -> bool | None:
    """Whether the most probable tokens one after another are the recorded ones."""
    if recorded is None:
        return None
    ids = generate(model, recorded["prompt_ids"], len(recorded["ids"]))
    return ids == recorded["ids"] and decode(ids) == recorded["text"]`;
