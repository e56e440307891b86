"""
The training pictures: which glyph, style and colours each number stands for, and the shards on disk.

    python dataset.py WORK --count 4200 [--workers 2]     paints shards of 100 into WORK/pictures; resumable
"""
import argparse
import json
import multiprocessing
import os
import pathlib

import cv2
import numpy as np

from painter import COLOURS, STYLES, paint

SHARD = 100
SIDE = 512
MAPS = ('depth', 'scribble', 'canny')
# ControlNet-Union's numbers of the maps: core/contract/request.ts, UNION_MODES.
MODES = {'depth': 1, 'scribble': 2, 'canny': 3, 'segmentation': 5}


def fill(path, shape, read, numbers):
    # Several processes may begin at once.
    part = path.with_suffix(f'.{os.getpid()}.npy')
    pictures = np.lib.format.open_memmap(part, 'w+', np.uint8, shape)
    for k, i in enumerate(numbers):
        pictures[k] = read(i)
    pictures.flush()
    part.rename(path)


class Glyphs:
    """The folder that glyphs.ts drew."""

    def __init__(self, folder):
        self.paths = sorted(str(path)[: -len('.json')] for path in pathlib.Path(folder).glob('*.json'))
        self.maps = self.segments = self.segment_of = None
        about = [json.loads(pathlib.Path(path + '.json').read_text()) for path in self.paths]
        self.words = [one['word'] for one in about]
        # What a picture shows beside its word: names of motifs.
        self.names = [one.get('things', []) for one in about]

    def __len__(self):
        return len(self.paths)

    def gray(self, i):
        """uint8 (4, 512, 512): coverage, depth, scribble, canny."""
        if self.maps is not None:
            return self.maps[i]
        return cv2.imread(self.paths[i] + '.gray.png', cv2.IMREAD_GRAYSCALE).reshape(4, SIDE, SIDE)

    def things(self, i):
        """uint8 (512, 512): the ink of motifs, or None."""
        return cv2.imread(self.paths[i] + '.things.png', cv2.IMREAD_GRAYSCALE) if self.names[i] else None

    def unpack(self, folder):
        """
        All pictures in two files, which the system keeps in memory: maps.npy, uint8 (N, 4, 512, 512), and segments.npy,
        uint8 (M, 3, 512, 512), of the words that have one, in order.
        """
        folder = pathlib.Path(folder)
        coloured = [i for i, path in enumerate(self.paths) if pathlib.Path(path + '.seg.png').exists()]
        if not (folder / 'maps.npy').exists():
            fill(folder / 'maps.npy', (len(self), 4, SIDE, SIDE), self.gray, range(len(self)))
        if not (folder / 'segments.npy').exists():
            planes = lambda i: self.segmentation(i).transpose(2, 0, 1)
            fill(folder / 'segments.npy', (len(coloured), 3, SIDE, SIDE), planes, coloured)
        # Copy on write: nothing is ever written, and torch wants arrays that could be.
        self.maps = np.load(folder / 'maps.npy', mmap_mode='c')
        self.segments = np.load(folder / 'segments.npy', mmap_mode='c')
        self.segment_of = np.full(len(self), -1)
        self.segment_of[coloured] = range(len(coloured))

    def segmentation(self, i):
        """uint8 (512, 512, 3), RGB, or None: not every word has one."""
        path = pathlib.Path(self.paths[i] + '.seg.png')
        picture = cv2.imread(str(path)) if path.exists() else None
        return None if picture is None else picture[..., ::-1]


def favoured(text):
    """"paper-cut=9,neon=2" → every style once, and these that many times more often."""
    times = dict(part.split('=') for part in text.split(',') if part)
    return [style for style in STYLES for _ in range(int(times.get(style, 1)))]


def recipe(number, glyphs, styles=STYLES):
    """What the picture of this number shows: {glyph, style, colours, seed}. styles: drawn from with equal chances."""
    rng = np.random.default_rng([7, number])
    words = list(COLOURS)
    count = rng.choice([0, 1, 2], p=[0.4, 0.5, 0.1])
    colours = [str(word) for word in rng.choice(words, count, replace=False)]
    return {'glyph': number % len(glyphs), 'style': styles[rng.integers(len(styles))], 'colours': colours, 'seed': number}


def shard_path(work, shard):
    return pathlib.Path(work) / 'pictures' / f'{shard:04d}.npy'


def paint_shard(work, shard, styles=STYLES):
    path = shard_path(work, shard)
    if path.exists():
        return
    cv2.setNumThreads(1)
    glyphs = Glyphs(pathlib.Path(work) / 'glyphs')
    pictures = np.empty((SHARD, SIDE, SIDE, 3), np.uint8)
    for k in range(SHARD):
        what = recipe(shard * SHARD + k, glyphs, styles)
        glyph = what['glyph']
        pictures[k] = paint(glyphs.gray(glyph)[0], what['style'], what['seed'], what['colours'], glyphs.things(glyph))
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix('.part.npy')
    np.save(part, pictures)
    part.rename(path)


def shards(work):
    """Opened shards in order, up to the first that is missing: a list of uint8 (100, 512, 512, 3)."""
    out = []
    while shard_path(work, len(out)).exists():
        out.append(np.load(shard_path(work, len(out)), mmap_mode='r'))
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work')
    parser.add_argument('--count', type=int, default=4200)
    parser.add_argument('--workers', type=int, default=2)
    parser.add_argument('--favour', default='', help='styles shown more often: paper-cut=9,neon=2')
    args = parser.parse_args()
    styles = favoured(args.favour)
    todo = [(args.work, shard, styles) for shard in range(args.count // SHARD)]
    with multiprocessing.Pool(args.workers) as pool:
        pool.starmap(paint_shard, todo, chunksize=1)


if __name__ == '__main__':
    main()
