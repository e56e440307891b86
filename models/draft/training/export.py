"""
Writes the trained networks as a Hugging Face folder: the running averages, fp16, and manifest.json with the sums.

    python export.py WORK ../          (models/draft itself)
"""
import argparse
import json
import pathlib
import shutil

import numpy as np
import torch
from safetensors.torch import load_file, save_file

import tokenizer
from common import write_json
from dataset import shards
from encode import trained
from former import Former, files_of, sha256
from networks import Draft
from train_draft import SCHEDULE
from train_vae import NOISE

DEFAULTS = {'width': 512, 'height': 512, 'steps': 10, 'guidanceScale': 3, 'sampler': 'dpmpp_2m_karras'}
VAE = 'vae/diffusion_pytorch_model.safetensors'
INDEX = {
    '_class_name': 'StableDiffusionXLPipeline',
    '_diffusers_version': '0.40.0',
    'force_zeros_for_empty_prompt': True,
    'scheduler': ['diffusers', 'EulerDiscreteScheduler'],
    'text_encoder': ['transformers', 'CLIPTextModel'],
    'text_encoder_2': ['transformers', 'CLIPTextModelWithProjection'],
    'tokenizer': ['transformers', 'CLIPTokenizer'],
    'tokenizer_2': ['transformers', 'CLIPTokenizer'],
    'unet': ['diffusers', 'UNet2DConditionModel'],
    'vae': ['diffusers', 'AutoencoderKL'],
}
SCHEDULER = {
    '_class_name': 'EulerDiscreteScheduler',
    '_diffusers_version': '0.40.0',
    **SCHEDULE,
    'interpolation_type': 'linear',
    'steps_offset': 1,
    'timestep_spacing': 'leading',
    'use_karras_sigmas': False,
}


@torch.no_grad()
def settle_variance(vae):
    """Training used a fixed noise instead of the encoder's own variance: make the encoder say so."""
    vae.quant_conv.weight[4:] = 0
    vae.quant_conv.bias[4:] = 2 * float(np.log(NOISE))


def latent_preview(work):
    """Least squares from latents to the pictures' mean colours, -1..1: what the studio shows while it paints."""
    colours, inputs = [], []
    for number, pictures in list(enumerate(shards(work)))[:4]:
        latents = np.load(pathlib.Path(work) / 'latents' / f'{number:04d}.npy')[::4].astype(np.float32)
        means = pictures[::4].astype(np.float32).reshape(-1, 64, 8, 64, 8, 3).mean((2, 4)) / 127.5 - 1
        colours.append(means.reshape(-1, 3))
        inputs.append(latents.transpose(0, 2, 3, 1).reshape(-1, 4))
    x = np.concatenate(inputs)
    solution, *_ = np.linalg.lstsq(np.concatenate([x, np.ones((len(x), 1))], 1), np.concatenate(colours), rcond=None)
    rounded = [[round(float(v), 4) for v in row] for row in solution]
    return {'factors': rounded[:4], 'bias': rounded[4]}


def write_tokenizer(folder, source, pad):
    folder.mkdir(parents=True, exist_ok=True)
    for name in ('vocab.json', 'merges.txt'):
        shutil.copyfile(source / name, folder / name)
    settings = {
        'tokenizer_class': 'CLIPTokenizer',
        'bos_token': '<|startoftext|>',
        'eos_token': '<|endoftext|>',
        'unk_token': '<|endoftext|>',
        'pad_token': pad,
        'model_max_length': tokenizer.LENGTH,
        'do_lower_case': True,
    }
    write_json(folder / 'tokenizer_config.json', settings)


def publish_names(path):
    """Newer transformers drop a prefix that every published text encoder has."""
    tensors = load_file(path)
    named = {key if key.startswith(('text_model.', 'text_projection.')) else f'text_model.{key}': t for key, t in tensors.items()}
    save_file(named, path, metadata={'format': 'pt'})


def decoder_of(out):
    """What the folder's manifest says of a decoder that was trained on by itself: export_decoder.py wrote it."""
    manifest = out / 'manifest.json'
    known = json.loads(manifest.read_text())['trained'].get('decoder') if manifest.exists() else None
    return {'decoder': known} if known else {}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work', type=pathlib.Path)
    parser.add_argument('out', type=pathlib.Path)
    args = parser.parse_args()
    work, out = args.work, args.out
    former, decoder = Former(out), decoder_of(out)
    state = torch.load(work / 'draft.pt', map_location='cpu', weights_only=True)
    words = tokenizer.Tokenizer(work / 'tokenizer')
    model = Draft(len(words.vocabulary))
    model.load_state_dict(state['parts']['ema'])
    vae = trained(work).cpu()
    settle_variance(vae)
    vae.register_to_config(**json.loads((work / 'latents' / 'scale.json').read_text()))
    parts = {name: getattr(model, name) for name in ('text_encoder', 'text_encoder_2', 'unet', 'controlnet')}
    for name, part in {**parts, 'vae': vae}.items():
        part.half().save_pretrained(out / name, safe_serialization=True)
        if name.startswith('text_encoder'):
            publish_names(out / name / 'model.safetensors')
        for path in (out / name).iterdir():
            path.chmod(0o644)
    write_tokenizer(out / 'tokenizer', work / 'tokenizer', '<|endoftext|>')
    write_tokenizer(out / 'tokenizer_2', work / 'tokenizer', '!')
    (out / 'scheduler').mkdir(exist_ok=True)
    write_json(out / 'scheduler' / 'scheduler_config.json', SCHEDULER)
    write_json(out / 'model_index.json', INDEX)
    files = [path for name, path in files_of(out).items() if name != 'manifest.json']
    weights = [path for path in files if path.suffix == '.safetensors']
    # Of another autoencoder it is no longer true.
    if former.sums.get(VAE) != sha256(out / VAE):
        decoder = {}
    manifest = {
        'id': 'draft',
        'name': 'Zihua Draft',
        'license': 'Apache-2.0',
        'defaults': DEFAULTS,
        'latentPreview': latent_preview(work),
        'trained': {'minutes': round(state['spent'] / 60, 1), 'steps': state['step'], 'samples': state['samples'], **decoder},
        'files': {
            path.relative_to(out).as_posix(): {'size': path.stat().st_size, 'sha256': sha256(path)} for path in files
        },
    }
    write_json(out / 'manifest.json', manifest)
    former.keep()
    print(f'{sum(path.stat().st_size for path in weights) / 1e6:.1f} MB of weights in {out}')


if __name__ == '__main__':
    main()
