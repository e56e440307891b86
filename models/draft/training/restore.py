"""
Puts the weights of a published folder where training goes on from: on a machine that has no WORK of its own yet.

    python restore.py WORK ../         (models/draft itself)

The optimizers' states are not published, so rates rise and fall once more. What is in WORK already is left alone.
"""
import argparse
import json
import pathlib
import shutil

import torch
from safetensors.torch import load_file

import tokenizer
from common import write_json
from networks import Draft
from train_vae import build


def weights(folder):
    return load_file(next(iter(sorted(folder.glob('*.safetensors')))))


def fill(module, tensors):
    """Newer transformers drop a prefix that every published text encoder has: export.publish_names put it back."""
    ours = module.state_dict()
    named = {key if key in ours else key.removeprefix('text_model.'): tensor.float() for key, tensor in tensors.items()}
    missing, unused = module.load_state_dict(named, strict=False)
    # Position numbers are no weights, and are not published.
    missing = [key for key in missing if not key.endswith('position_ids')]
    if missing or unused:
        raise SystemExit(f'The folder does not fit: missing {missing[:5]}, unused {unused[:5]}')


def checkpoint(module):
    state = {key: tensor.clone() for key, tensor in module.state_dict().items()}
    return {'parts': {'model': state, 'ema': state}, 'spent': 0.0, 'step': 0, 'samples': 0}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work', type=pathlib.Path)
    parser.add_argument('model', type=pathlib.Path)
    args = parser.parse_args()
    work, folder = args.work, args.model
    if not (work / 'tokenizer').exists():
        (work / 'tokenizer').mkdir(parents=True)
        for name in ('vocab.json', 'merges.txt'):
            shutil.copyfile(folder / 'tokenizer' / name, work / 'tokenizer' / name)
    if not (work / 'vae.pt').exists():
        vae = build()
        fill(vae, weights(folder / 'vae'))
        torch.save(checkpoint(vae), work / 'vae.pt')
        scale = json.loads((folder / 'vae' / 'config.json').read_text())['scaling_factor']
        (work / 'latents').mkdir(exist_ok=True)
        write_json(work / 'latents' / 'scale.json', {'scaling_factor': scale})
    if not (work / 'draft.pt').exists():
        model = Draft(len(tokenizer.Tokenizer(work / 'tokenizer').vocabulary))
        for name in ('text_encoder', 'text_encoder_2', 'unet', 'controlnet'):
            fill(getattr(model, name), weights(folder / name))
        torch.save(checkpoint(model), work / 'draft.pt')


if __name__ == '__main__':
    main()
