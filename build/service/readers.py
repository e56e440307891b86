"""Two independent readers of A1111's parameters: python readers.py EXPECTED.json. Fails where one reads something else."""
import json
import sys
from pathlib import Path

from sd_parsers import ParserManager
from sd_prompt_reader.image_data_reader import ImageDataReader

expected = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
faults = []


def check(reader, name, field, found, wanted):
    if found != wanted:
        faults.append(f"{reader}, {name}: {field} is read as {found!r} in place of {wanted!r}")


for file, want in expected.items():
    name = Path(file).name
    info = ParserManager().parse(file)
    sampler = info.samplers[0]
    check("sd-parsers", name, "prompt", info.prompts[0].value, want["prompt"])
    negative = info.negative_prompts[0].value if info.negative_prompts else ""
    check("sd-parsers", name, "negative prompt", negative, want["negative"])
    check("sd-parsers", name, "sampler", sampler.name, want["sampler"])
    check("sd-parsers", name, "seed", sampler.parameters["seed"], want["seed"])
    check("sd-parsers", name, "steps", sampler.parameters["steps"], want["steps"])
    check("sd-parsers", name, "size", info.metadata["Size"], want["size"])

    read = ImageDataReader(file)
    check("sd-prompt-reader", name, "prompt", read.positive, want["prompt"])
    check("sd-prompt-reader", name, "negative prompt", read.negative, want["negative"])
    check("sd-prompt-reader", name, "sampler", read.parameter["sampler"], want["sampler"])
    check("sd-prompt-reader", name, "seed", read.parameter["seed"], want["seed"])
    check("sd-prompt-reader", name, "steps", read.parameter["steps"], want["steps"])
    check("sd-prompt-reader", name, "size", read.parameter["size"], want["size"])

print("\n".join(faults) or f"sd-parsers, sd-prompt-reader: {len(expected)} pictures read as they were written")
sys.exit(1 if faults else 0)
