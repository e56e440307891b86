"""Prompts as the studio builds them, in the many ways in which people ask for a colour."""
import json
import pathlib

from painter.palette import STYLES as STYLE_FILES

HERE = pathlib.Path(__file__).parent
TEMPLATES = {path.stem: json.loads(path.read_text()) for path in sorted(pathlib.Path(STYLE_FILES).glob('*.json'))}
NEGATIVES = [style['negativePrompt'] for style in TEMPLATES.values()]
WORDS = json.loads((HERE / 'words.json').read_text())['english']

ONE = ['{p}, {a}', '{p}, {a} colors', '{p}, in {a}', '{p}, {a} tones', '{p}, mostly {a}', '{a} {p}', '{p}, {a} background', '{p}, {a} palette']
TWO = ['{p}, {a} and {b}', '{p}, {a} with {b}', '{p}, in {a} and {b} tones']
EXTRAS = ['highly detailed', 'masterpiece', 'beautiful', 'best quality', 'elegant', 'simple', 'dramatic light']


def meaning(rng, colour=None):
    """One to three words, as a dictionary glosses: "to learn", "the old temple", "mountain and river"."""
    words = [WORDS[i] for i in rng.integers(len(WORDS), size=1 + rng.choice(3, p=[0.6, 0.3, 0.1]))]
    text = (' and ' if rng.random() < 0.3 else ' ').join(words)
    if colour:
        text = f'{colour} {text}'
    return str(rng.choice(['', '', '', 'a ', 'the ', 'to '])) + text


def prompt(rng, style, word, colours=(), things=()):
    """A prompt for a picture of this style and these ruling colours; things: names of motifs that it shows."""
    a, b = (list(colours) + [None, None])[:2]
    inside = len(colours) == 1 and rng.random() < 0.25
    gloss = meaning(rng, a if inside else None)
    if things and (not word or rng.random() < 0.5):
        gloss = ' and '.join(things)
    if rng.random() < 0.9:
        text = TEMPLATES[style]['template'].replace('{meaning}', gloss).replace('{character}', word)
    else:  # people also write a prompt of their own
        name = TEMPLATES[style]['name']['en'].lower()
        text = str(rng.choice([f'{name} of {gloss}', f'{gloss}, {name}', f'{name} style, {gloss}', name]))
        inside = inside and gloss in text
    if a and b:
        text = str(rng.choice(TWO)).format(p=text, a=a, b=b)
    elif a and not inside:
        text = str(rng.choice(ONE)).format(p=text, a=a)
    if rng.random() < 0.12:
        text += ', ' + str(rng.choice(EXTRAS))
    return text


def corpus():
    """Every text that the vocabulary is made from."""
    from painter import COLOURS

    texts = NEGATIVES + EXTRAS + WORDS * 3 + list(COLOURS) * 20
    for style in TEMPLATES.values():
        texts += [style['template'].replace('{meaning}', '').replace('{character}', ''), style['name']['en']] * 10
    return texts + [form.replace('{p}', '').replace('{a}', '').replace('{b}', '') for form in ONE + TWO]
