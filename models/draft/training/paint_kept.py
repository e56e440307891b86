"""
The painter's own pictures of the kept-out characters, which `npm run eval:draft -- --painter FOLDER` measures the model by.

    python paint_kept.py WORK/kept FOLDER [--seeds 2] [--workers 2]      FOLDER/STYLE/CHARACTER-SEED.webp, 512²
"""
import argparse
import multiprocessing
import pathlib

import cv2

from dataset import Glyphs
from painter import STYLES, paint

# Far from the numbers of the training pictures, which are their seeds.
FIRST_SEED = 5_000_000


def paint_character(kept, folder, i, seeds):
    cv2.setNumThreads(1)
    glyphs = Glyphs(kept)
    for style in STYLES:
        for seed in range(seeds):
            picture = paint(glyphs.gray(i)[0], style, FIRST_SEED + 100 * i + seed)
            path = pathlib.Path(folder) / style / f'{glyphs.words[i]}-{seed}.webp'
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), picture[..., ::-1], [cv2.IMWRITE_WEBP_QUALITY, 95])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('kept')
    parser.add_argument('folder')
    parser.add_argument('--seeds', type=int, default=2)
    parser.add_argument('--workers', type=int, default=2)
    args = parser.parse_args()
    words = Glyphs(args.kept).words
    todo = [(args.kept, args.folder, i, args.seeds) for i, word in enumerate(words) if len(word) == 1]
    with multiprocessing.Pool(args.workers) as pool:
        pool.starmap(paint_character, todo, chunksize=1)


if __name__ == '__main__':
    main()
