"""
The painter's pictures of the evaluation.

    python paint.py PLAN.json      [{"coverage": grey PNG of 512², "style", "seed", "out": PNG}, …]
"""
import json
import multiprocessing
import os
import pathlib
import sys

import cv2

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / 'models/draft/training'))
from painter import paint  # noqa: E402


def make(one):
    if os.path.exists(one['out']):
        return
    cv2.setNumThreads(1)
    coverage = cv2.imread(one['coverage'], cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(one['out'], paint(coverage, one['style'], one['seed'])[..., ::-1])


if __name__ == '__main__':
    with open(sys.argv[1], encoding='utf8') as file:
        plan = json.load(file)
    with multiprocessing.Pool(2) as pool:
        pool.map(make, plan, chunksize=4)
