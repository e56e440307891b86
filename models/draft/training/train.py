"""
The whole recipe in one command, each stage resumed where it was left:

    python models/draft/training/train.py WORK [--node node] [--vae-minutes 20] [--draft-minutes 60] …
    python models/draft/training/train.py WORK --resume [--draft-minutes 600] …      goes on from the weights in models/draft

WORK is a folder outside the repository (about 10 GB). The result is written into models/draft; what it replaces is kept in
models/draft/former.
"""
import argparse
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('work')
    parser.add_argument('--node', default='node', help='Node 24 or later')
    parser.add_argument('--words', type=int, default=3600)
    parser.add_argument('--pictures', type=int, default=4200)
    parser.add_argument('--workers', type=int, default=os.cpu_count())
    parser.add_argument('--vae-minutes', type=float, default=20)
    parser.add_argument('--vae-batch', type=int, default=12)
    parser.add_argument('--vae-rate', type=float, default=6e-4)
    parser.add_argument('--draft-minutes', type=float, default=60)
    parser.add_argument('--draft-batch', type=float, default=0.5)
    parser.add_argument('--draft-rate', type=float, default=8e-4)
    parser.add_argument('--shares', default='0.38,0.48,0.14', help='of the time for latents of 16², 32², 64²')
    parser.add_argument('--resume', action='store_true', help='go on from models/draft with the present painter; the autoencoder stays')
    parser.add_argument('--one-process', action='store_true', help='for a machine with one GPU')
    parser.add_argument('--loaders', type=int, default=0, help='processes that prepare batches: several for a GPU')
    parser.add_argument('--favour', default='', help='styles shown more often: paper-cut=9,neon=2')
    args = parser.parse_args()
    # Waiting threads that spin cost ten times the work where the cores are shared.
    environment = {'OMP_WAIT_POLICY': 'PASSIVE', **os.environ}

    def run(*command):
        print(' '.join(map(str, command)), flush=True)
        subprocess.run([str(part) for part in command], check=True, env=environment)

    def stage(name, *options):
        run(sys.executable, HERE / name, args.work, *options)

    if args.resume:
        run(sys.executable, HERE / 'restore.py', args.work, HERE.parent)
    run(args.node, HERE / 'glyphs.ts', pathlib.Path(args.work) / 'kept', '--kept-out')
    drawing = [
        subprocess.Popen(
            [args.node, HERE / 'glyphs.ts', f'{args.work}/glyphs', '--count', str(args.words), '--part', f'{i}/{args.workers}']
        )
        for i in range(args.workers)
    ]
    if any([process.wait() for process in drawing]):
        raise SystemExit('The words could not be drawn.')
    stage('dataset.py', '--count', args.pictures, '--workers', args.workers, '--favour', args.favour)
    options = ('--batch', args.vae_batch, '--rate', args.vae_rate, '--loaders', args.loaders)
    if not args.resume:
        stage('train_vae.py', '--minutes', args.vae_minutes, *options)
    stage('encode.py', '--count', args.pictures)
    processes = 1 if args.one_process else 2
    launch = (sys.executable, '-m', 'torch.distributed.run', '--nproc-per-node', processes)
    options = ('--batch', args.draft_batch, '--rate', args.draft_rate, '--shares', args.shares, '--loaders', args.loaders, '--favour', args.favour)
    run(*launch, HERE / 'train_draft.py', args.work, '--minutes', args.draft_minutes, *options)
    run(sys.executable, HERE / 'export.py', args.work, HERE.parent)


if __name__ == '__main__':
    main()
