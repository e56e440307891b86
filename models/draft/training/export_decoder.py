"""
Puts a decoder that train_decoder.py has trained into the published folder; nothing else of the model changes.

    python export_decoder.py WORK ../          (models/draft itself)
"""
import argparse
import json
import pathlib

import torch
from safetensors.torch import load_file, save_file

from common import write_json
from former import Former, sha256


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work', type=pathlib.Path)
    parser.add_argument('out', type=pathlib.Path)
    args = parser.parse_args()
    former = Former(args.out)
    state = torch.load(args.work / 'decoder.pt', map_location='cpu', weights_only=True)
    path = args.out / 'vae' / 'diffusion_pytorch_model.safetensors'
    tensors = load_file(path)
    trained = {f'decoder.{name}': tensor.half().contiguous() for name, tensor in state['parts']['ema'].items()}
    unknown = [name for name in trained if name not in tensors]
    if unknown:
        raise SystemExit(f'The decoder is not one of this model: {unknown[:5]}')
    save_file({**tensors, **trained}, path, metadata={'format': 'pt'})
    path.chmod(0o644)
    manifest = json.loads((args.out / 'manifest.json').read_text())
    manifest['trained']['decoder'] = {
        'minutes': round(state['spent'] / 60, 1), 'steps': state['step'], 'samples': round(state['samples'])
    }
    manifest['files'][path.relative_to(args.out).as_posix()] = {'size': path.stat().st_size, 'sha256': sha256(path)}
    write_json(args.out / 'manifest.json', manifest)
    former.keep()


if __name__ == '__main__':
    main()
