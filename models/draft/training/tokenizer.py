"""
A byte-level BPE vocabulary of CLIP's kind, made from our own prompts.
Source: OpenAI CLIP, simple_tokenizer.py; R. Sennrich et al., Neural Machine Translation of Rare Words with Subword Units, 2016.
"""
import collections
import functools
import json
import pathlib
import unicodedata

import regex

WORDS = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+", regex.IGNORECASE)
LENGTH = 77


def byte_characters():
    """GPT-2's table: every byte as a printable character. "!" comes first, so that its id is 0."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(printable)]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + k) for k, byte in enumerate(others)}


BYTES = byte_characters()


def split(text):
    text = ' '.join(unicodedata.normalize('NFC', text).split()).lower()
    return WORDS.findall(text)


def symbols(word):
    parts = [BYTES[byte] for byte in word.encode()]
    parts[-1] += '</w>'
    return parts


def join(parts, pair):
    out, i = [], 0
    while i < len(parts):
        if i + 1 < len(parts) and (parts[i], parts[i + 1]) == pair:
            out.append(parts[i] + parts[i + 1])
            i += 2
        else:
            out.append(parts[i])
            i += 1
    return out


def learn(texts, most=2000):
    """The merges, the most frequent pair first, until every word is whole."""
    counts = collections.Counter(word for text in texts for word in split(text))
    words = {word: symbols(word) for word in counts}
    merges = []
    while len(merges) < most:
        pairs = collections.Counter()
        for word, parts in words.items():
            for pair in zip(parts, parts[1:]):
                pairs[pair] += counts[word]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        for word, parts in words.items():
            if best[0] in parts:
                words[word] = join(parts, best)
    return merges


def save(folder, merges):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    single = list(BYTES.values())
    tokens = single + [s + '</w>' for s in single] + [a + b for a, b in merges]
    tokens = list(dict.fromkeys(tokens)) + ['<|startoftext|>', '<|endoftext|>']
    (folder / 'vocab.json').write_text(json.dumps({token: i for i, token in enumerate(tokens)}, ensure_ascii=False))
    (folder / 'merges.txt').write_text('#version: 0.2\n' + ''.join(f'{a} {b}\n' for a, b in merges))


class Tokenizer:
    def __init__(self, folder):
        folder = pathlib.Path(folder)
        self.vocabulary = json.loads((folder / 'vocab.json').read_text())
        lines = (folder / 'merges.txt').read_text().splitlines()[1:]
        self.ranks = {tuple(line.split()): k for k, line in enumerate(lines)}
        self.start, self.end = len(self.vocabulary) - 2, len(self.vocabulary) - 1

    @functools.lru_cache(20_000)
    def word(self, word):
        parts = symbols(word)
        while len(parts) > 1:
            pair = min(zip(parts, parts[1:]), key=lambda pair: self.ranks.get(pair, 1e9))
            if pair not in self.ranks:
                break
            parts = join(parts, pair)
        return [self.vocabulary[part] for part in parts]

    def encode(self, text, pad, raw_pad=None):
        """77 ids. raw_pad: the second tokenizer's pad token "!" is special, so that each "!" of a text is one pad."""
        ids = []
        for piece_number, piece in enumerate(text.split(raw_pad) if raw_pad else [text]):
            ids += [pad] * (piece_number > 0)
            for word in split(piece):
                ids += self.word(word)
        ids = [self.start, *ids[: LENGTH - 2], self.end]
        return ids + [pad] * (LENGTH - len(ids))

    def first(self, text):
        return self.encode(text, self.end)

    def second(self, text):
        return self.encode(text, 0, '!')
