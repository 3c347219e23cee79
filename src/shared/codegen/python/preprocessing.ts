/**
 * `preprocessing.py` of the Python exports: input as the training rows were treated, and the recorded
 * data. It needs no framework and no NumPy; a word tokenizer needs the `regex` package.
 *
 * What it offers, by task:
 * - all: `encode_input(recorded)`, an entry of recorded.json's `inputs` → ids [time] or rows [time][feature];
 * - text: `PAD`, `UNKNOWN`, `VOCABULARY`, `tokenize(text)`, `encode(text)` → ids [time];
 * - classification: `LABELS`, `read_rows(part)` → [(ids, label id)];
 * - tagging: `LABELS`, `encode_tokens(tokens)`, `read_rows(part)` → [(ids, tag ids)];
 * - next-token: `WINDOW`, `encode_tokens(tokens)`, `decode(ids)`, `read_text()` → ids of the whole text,
 *   `read_starts(part)` → first token of each window;
 * - forecast: `WINDOW`, `HORIZON`, `INPUT_COLUMNS`, `TARGET_COLUMNS`, `TARGET_SCALES`, `encode_rows(rows)`
 *   scaled, `unscale(values)` → [horizon][target], `read_series()` → (inputs, targets), both scaled
 *   [row][column], `read_starts(part)` → first row of each window.
 * A `part` is "train", "validation" or "test".
 */
import type {
  ClassificationRecipe,
  DataRecipe,
  ForecastRecipe,
  NextTokenRecipe,
  TaggingRecipe,
  TokenizerRecipe,
} from '../../data/recipe.js';
import type { CodeFile } from '../types.js';
import { CodeWriter } from '../writer.js';

/** The packages that `preprocessing.py` imports beside the standard library, as requirements. */
export const preprocessingRequirements = (recipe: DataRecipe): string[] =>
  recipe.task !== 'forecast' && recipe.task !== 'tagging' && recipe.tokenizer.unit === 'word'
    ? ['regex']
    : [];

export function generatePreprocessing(recipe: DataRecipe): CodeFile {
  const writer = new CodeWriter('    ');
  const { summary, imports, body } = partsOf(recipe);
  writer.line('"""' + summary, '', 'Reads preprocessing.json and data/ beside this file.', '"""');
  writer.blank().line('from __future__ import annotations').blank();
  writer.line(...imports.filter((line) => line !== regexImport));
  if (imports.includes(regexImport)) writer.blank().line(regexImport);
  writer.blank().line(opening).blank();
  body.forEach((part, i) => {
    if (isDefinition(part) || isDefinition(body[i - 1] ?? '')) writer.blank(2);
    else writer.blank();
    writer.line(part);
  });
  return writer.file('preprocessing.py', 'python');
}

const isDefinition = (part: string): boolean => part.startsWith('def ');

interface Parts {
  summary: string;
  imports: string[];
  /** Separated as Black separates them. */
  body: string[];
}

const regexImport = 'import regex';

const opening = `\
FOLDER = Path(__file__).resolve().parent
DATA = FOLDER / "data"
PREPROCESSING = json.loads((FOLDER / "preprocessing.json").read_text(encoding="utf-8"))`;

function partsOf(recipe: DataRecipe): Parts {
  switch (recipe.task) {
    case 'classification':
      return classificationParts(recipe);
    case 'tagging':
      return taggingParts(recipe);
    case 'next-token':
      return nextTokenParts(recipe);
    case 'forecast':
      return forecastParts(recipe);
  }
}

const textSummary =
  'Text as the network reads it: tokens, ids and truncation exactly as in training.';

const vocabulary = `\
PAD = 0
UNKNOWN = 1
VOCABULARY: list[str] = PREPROCESSING["vocabulary"]
# Text that spells "<pad>" or "<unk>" is not one of those two.
IDS = {token: i for i, token in enumerate(VOCABULARY) if i > UNKNOWN}`;

const labels = `\
LABELS: list[str] = PREPROCESSING["labels"]
LABEL_IDS = {label: i for i, label in enumerate(LABELS)}`;

const lookUp = `\
def look_up(tokens: list[str]) -> list[int]:
    """Ids of tokens, [time]. No tokens at all are one unknown token."""
    return [IDS.get(token, UNKNOWN) for token in tokens] or [UNKNOWN]`;

/** ECMAScript's white space: Python's own has other control characters, and no U+FEFF. */
const whiteSpace = String.raw`\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`;

const wordPattern = `\
# A word: letters, digits, marks and underscores, with apostrophes inside ("don't").
# Every other character is a token of its own, except white space.
WORD = r"[\\p{L}\\p{N}\\p{M}_]+"
SPACE = r"${whiteSpace}"
TOKEN = regex.compile(rf"{WORD}(?:['\\u2019]{WORD})*|[^{SPACE}]")`;

const folded = ({ lowercase }: TokenizerRecipe, text: string): string =>
  lowercase ? `${text}.lower()` : text;

function tokenize(tokenizer: TokenizerRecipe): string {
  const text = folded(tokenizer, 'text');
  return tokenizer.unit === 'word'
    ? `\
def tokenize(text: str) -> list[str]:
    """Words, and other characters one by one."""
    return TOKEN.findall(${text})`
    : `\
def tokenize(text: str) -> list[str]:
    """Characters (Unicode code points)."""
    return list(${text})`;
}

const textImports = (tokenizer: TokenizerRecipe): string[] => [
  'import json',
  'from pathlib import Path',
  ...(tokenizer.unit === 'word' ? [regexImport] : []),
];

const jsonLines = `\
def read_lines(part: str) -> list[dict]:
    """The rows of data/<part>.jsonl."""
    with open(DATA / f"{part}.jsonl", encoding="utf-8", newline="\\n") as file:
        return [json.loads(line) for line in file]`;

function classificationParts(recipe: ClassificationRecipe): Parts {
  const { tokenizer, truncate } = recipe;
  const cut = truncate === 'end' ? '[:MAXIMUM_TIME_STEPS]' : '[-MAXIMUM_TIME_STEPS:]';
  return {
    summary: textSummary,
    imports: textImports(tokenizer),
    body: [
      vocabulary,
      labels,
      `MAXIMUM_TIME_STEPS = ${recipe.maximumTimeSteps}`,
      ...(tokenizer.unit === 'word' ? [wordPattern] : []),
      tokenize(tokenizer),
      lookUp,
      `\
def encode(text: str) -> list[int]:
    """Ids of the text's tokens, [time]; ${truncate === 'end' ? 'the first' : 'the last'} MAXIMUM_TIME_STEPS of them."""
    return look_up(tokenize(text)${cut})`,
      encodeInput('encode(recorded["text"])'),
      jsonLines,
      `\
def read_rows(part: str) -> list[tuple[list[int], int]]:
    """Ids [time] and label id of each row of "train", "validation" or "test"."""
    rows = read_lines(part)
    return [(encode(row["text"]), LABEL_IDS[row["label"]]) for row in rows]`,
    ],
  };
}

function taggingParts(recipe: TaggingRecipe): Parts {
  const { tokenizer } = recipe;
  return {
    summary: textSummary,
    imports: ['import json', 'import re', 'from pathlib import Path'],
    body: [
      vocabulary,
      labels,
      `MAXIMUM_TIME_STEPS = ${recipe.maximumTimeSteps}`,
      `SPACE = re.compile(\n    r"[${whiteSpace}]+"\n)`,
      `\
def tokenize(text: str) -> list[str]:
    """What stands between white space."""
    return [token for token in SPACE.split(text) if token]`,
      lookUp,
      `\
def encode_tokens(tokens: list[str]) -> list[int]:
    """Ids of tokens, [time]; the first MAXIMUM_TIME_STEPS of them."""
    tokens = tokens[:MAXIMUM_TIME_STEPS]
    return look_up(${tokenizer.lowercase ? '[token.lower() for token in tokens]' : 'tokens'})`,
      `\
def encode(text: str) -> list[int]:
    """Ids of the text's tokens, [time]; the first MAXIMUM_TIME_STEPS of them."""
    return encode_tokens(tokenize(text))`,
      encodeTextOrTokens,
      jsonLines,
      `\
def read_rows(part: str) -> list[tuple[list[int], list[int]]]:
    """Ids [time] and tag ids [time] of each row of "train", "validation" or "test"."""
    rows = []
    for row in read_lines(part):
        tags = [LABEL_IDS[tag] for tag in row["tags"][:MAXIMUM_TIME_STEPS]]
        rows.append((encode_tokens(row["tokens"]), tags))
    return rows`,
    ],
  };
}

const encodeInput = (value: string): string => `\
def encode_input(recorded: dict) -> list[int]:
    """Ids [time] of an input in recorded.json."""
    return ${value}`;

const encodeTextOrTokens = `\
def encode_input(recorded: dict) -> list[int]:
    """Ids [time] of an input in recorded.json."""
    if "tokens" in recorded:
        return encode_tokens(recorded["tokens"])
    return encode(recorded["text"])`;

const readSplits = (unit: string): string => `\
def read_starts(part: str) -> list[int]:
    """The first ${unit} of each window of "train", "validation" or "test"."""
    return json.loads((DATA / "splits.json").read_text(encoding="utf-8"))[part]`;

const join = `\
def decode(ids: list[int]) -> str:
    """Ids to readable text: no space before a full stop or inside brackets."""
    text, glue, quoted = "", True, False
    for token in (VOCABULARY[i] for i in ids if i != PAD):
        closing = token in CLOSING or (token == '"' and quoted)
        opening = token in OPENING or (token == '"' and not quoted)
        if token == '"':
            quoted = not quoted
        text += token if glue or closing else f" {token}"
        glue = opening
    return text`;

const joinCharacters = `\
def decode(ids: list[int]) -> str:
    """Ids to text, without padding."""
    return "".join(VOCABULARY[i] for i in ids if i != PAD)`;

function nextTokenParts(recipe: NextTokenRecipe): Parts {
  const { tokenizer, limit } = recipe;
  const words = tokenizer.unit === 'word';
  return {
    summary: textSummary,
    imports: textImports(tokenizer),
    body: [
      vocabulary,
      `WINDOW = ${recipe.window}`,
      ...(words ? [wordPattern, 'CLOSING = set(".,;:!?%)]}…’”»")\nOPENING = set("([{“‘«$#")'] : []),
      tokenize(tokenizer),
      lookUp,
      `\
def encode(text: str) -> list[int]:
    """Ids of the text's tokens, [time]."""
    return look_up(tokenize(text))`,
      `\
def encode_tokens(tokens: list[str]) -> list[int]:
    """Ids of tokens, [time]."""
    return look_up(${tokenizer.lowercase ? '[token.lower() for token in tokens]' : 'tokens'})`,
      words ? join : joinCharacters,
      encodeTextOrTokens,
      `\
def read_text() -> list[int]:
    """Ids of ${limit === null ? 'all' : `the first ${limit}`} tokens of data/text.txt, [token]."""
    with open(DATA / "text.txt", encoding="utf-8", newline="") as file:
        tokens = tokenize(file.read())
    return look_up(tokens${limit === null ? '' : `[:${limit}]`})`,
      readSplits('token'),
    ],
  };
}

function forecastParts(recipe: ForecastRecipe): Parts {
  return {
    summary: 'Rows of numbers as the network reads them: scaled by what the training rows showed.',
    imports: ['import csv', 'import json', 'from pathlib import Path'],
    body: [
      `\
INPUT_COLUMNS: list[str] = PREPROCESSING["recipe"]["inputColumns"]
TARGET_COLUMNS: list[str] = PREPROCESSING["recipe"]["targetColumns"]
WINDOW = ${recipe.window}
HORIZON = ${recipe.horizon}`,
      `\
# scaled = (value - offset) / scale
COLUMNS = {c["name"]: c for c in PREPROCESSING["scaler"]["columns"]}
TARGET_SCALES: list[float] = [COLUMNS[name]["scale"] for name in TARGET_COLUMNS]`,
      `\
def scale(rows: list[list[float]], names: list[str]) -> list[list[float]]:
    """Scaled rows, [time][column]."""
    columns = [COLUMNS[name] for name in names]
    return [
        [(value - c["offset"]) / c["scale"] for value, c in zip(row, columns)]
        for row in rows
    ]`,
      `\
def encode_rows(rows: list[list[float]]) -> list[list[float]]:
    """Rows [time][input column] in their own units to scaled features.

    Raises ValueError for fewer rows than WINDOW, or a row of another length.
    """
    if len(rows) < WINDOW:
        raise ValueError(f"There are {len(rows)} rows; the network looks at {WINDOW}.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(INPUT_COLUMNS):
            raise ValueError(f"Row {number} must hold {len(INPUT_COLUMNS)} numbers.")
    return scale(rows, INPUT_COLUMNS)`,
      `\
def unscale(values: list[float]) -> list[list[float]]:
    """Network outputs, [HORIZON * targets], to [HORIZON][target] in their own units."""
    size = len(TARGET_COLUMNS)
    columns = [COLUMNS[name] for name in TARGET_COLUMNS]
    return [
        [
            value * c["scale"] + c["offset"]
            for value, c in zip(values[start : start + size], columns)
        ]
        for start in range(0, len(values), size)
    ]`,
      `\
def encode_input(recorded: dict) -> list[list[float]]:
    """Scaled features [time][input column] of an input in recorded.json."""
    return encode_rows(recorded["rows"])`,
      `\
def read_csv(path: Path, names: list[str]) -> list[list[float]]:
    """These columns of a CSV file with a header, [row][column]."""
    with open(path, encoding="utf-8", newline="") as file:
        return [[float(row[name]) for name in names] for row in csv.DictReader(file)]`,
      `\
def read_series() -> tuple[list[list[float]], list[list[float]]]:
    """Scaled inputs and targets of every row of data/series.csv, [row][column]."""
    path = DATA / "series.csv"
    inputs = scale(read_csv(path, INPUT_COLUMNS), INPUT_COLUMNS)
    targets = scale(read_csv(path, TARGET_COLUMNS), TARGET_COLUMNS)
    return inputs, targets`,
      readSplits('row'),
    ],
  };
}
