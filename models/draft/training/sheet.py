"""
A contact sheet of the painter's own pictures, to be looked at before anything learns from them: rows styles, columns words.

    python sheet.py WORK/kept OUT.png [--styles oil,mosaic] [--words 学习,永] [--seeds 1] [--colours red] [--size 256]

A number instead of a word is the glyph of that place in the folder: so motifs are asked for. The same words and seeds give the same pictures, so a sheet of an earlier painter lies beside one of a later one.
"""
import argparse
import time

import cv2
import numpy as np

from dataset import Glyphs
from painter import STYLES, measured_contrast, paint
from painter.colour import contrast
from painter.glyph import Glyph

# Far from the numbers of the training pictures, which are their seeds.
FIRST_SEED = 6_000_000


def row(glyphs, style, words, seeds, colours, size):
    """→ (the pictures side by side, seconds a picture, the least contrast of a word with its ground)"""
    tiles, least, began = [], 21.0, time.process_time()
    for word in words:
        i = int(word) if word.isdecimal() and word not in glyphs.words else glyphs.words.index(word)
        coverage, things = glyphs.gray(i)[0], glyphs.things(i)
        for seed in range(seeds):
            tiles.append(paint(coverage, style, FIRST_SEED + seed, colours, things))
            letters = coverage if things is None else np.where(things > 0, 0, coverage)
            measured = measured_contrast(tiles[-1] / 255, Glyph(letters))
            least = least if measured is None else min(least, contrast(*measured))
    seconds = (time.process_time() - began) / len(tiles)
    return np.hstack([cv2.resize(tile, (size, size), interpolation=cv2.INTER_AREA) for tile in tiles]), seconds, least


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('glyphs')
    parser.add_argument('out')
    parser.add_argument('--styles', default=','.join(STYLES))
    parser.add_argument('--words', default='学习,永,龍,Привет,love')
    parser.add_argument('--seeds', type=int, default=1)
    parser.add_argument('--colours', default='', help='colour words: red,gold')
    parser.add_argument('--size', type=int, default=256, help='side of a picture on the sheet')
    args = parser.parse_args()
    cv2.setNumThreads(1)
    glyphs = Glyphs(args.glyphs)
    colours = [word for word in args.colours.split(',') if word]
    rows = []
    for style in args.styles.split(','):
        picture, seconds, least = row(glyphs, style, args.words.split(','), args.seeds, colours, args.size)
        rows.append(picture)
        print(f'{style:14} {seconds:.2f} s a picture, contrast {least:.1f} and more', flush=True)
    cv2.imwrite(args.out, np.vstack(rows)[..., ::-1])


if __name__ == '__main__':
    main()
