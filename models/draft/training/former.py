"""
Keeps what an export replaces, so that pictures of former weights can be made again: former/<sha256>.safetensors and so on, and
former/index.json, which core/machine/former-draft.ts reads.
"""
import datetime
import hashlib
import json

from common import write_json

# What core/files/hashes.ts counts of a model folder, and what of it is apart from the folder's own hash.
COUNTS = ('.safetensors', '.json', '.txt')
APART = ('training', 'former')


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def files_of(folder):
    """Every file that a whole model needs: name → path."""
    paths = [*folder.glob('*'), *folder.glob('*/*')]
    names = {path.relative_to(folder).as_posix(): path for path in paths if path.is_file() and path.suffix in COUNTS}
    return {name: names[name] for name in sorted(names) if name.split('/')[0] not in APART}


def tree_hash(sums):
    """The hash of the folder as records name it: ControlNet has its own, the manifest none."""
    lines = [f'{sums[name]}  {name}\n' for name in sorted(sums) if not name.startswith('controlnet/') and name != 'manifest.json']
    return hashlib.sha256(''.join(lines).encode()).hexdigest()


class Former:
    """Remembers a model folder before it is written over; `keep` then stores what has changed."""

    def __init__(self, folder):
        self.folder = folder
        self.bytes = {name: path.read_bytes() for name, path in files_of(folder).items()}
        self.sums = {name: hashlib.sha256(content).hexdigest() for name, content in self.bytes.items()}

    def keep(self):
        store = self.folder / 'former'
        now = {name: sha256(path) for name, path in files_of(self.folder).items()}
        if not self.bytes or tree_hash(now) == tree_hash(self.sums):
            return
        store.mkdir(exist_ok=True)
        for name, content in self.bytes.items():
            if now.get(name) != self.sums[name]:
                (store / f'{self.sums[name]}.{name.rsplit(".", 1)[1]}').write_bytes(content)
        index = json.loads((store / 'index.json').read_text()) if (store / 'index.json').exists() else []
        entry = {'sha256': tree_hash(self.sums), 'until': datetime.date.today().isoformat(), 'files': self.sums}
        write_json(store / 'index.json', [entry, *(one for one in index if one['sha256'] != entry['sha256'])])
