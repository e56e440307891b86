"""Unmodified Python clients against a running service: python clients.py PORT FOLDER. Fails at the first fault."""
import base64
import sys
import threading
import time
from pathlib import Path

import webuiapi
from openai import OpenAI

port, folder = int(sys.argv[1]), Path(sys.argv[2])
SIZE = 512
api = webuiapi.WebUIApi(host="127.0.0.1", port=port)
assert "Euler a" in [sampler["name"] for sampler in api.get_samplers()]
assert api.util_get_current_model() == "draft"

made = api.txt2img(prompt="学习", width=SIZE, height=SIZE, steps=12, seed=1, cfg_scale=3)
assert made.image.size == (SIZE, SIZE) and made.info["seed"] == 1, made.info
made.image.save(folder / "webuiapi-txt2img.png")

over = api.img2img(
    images=[made.image], prompt="学习", width=SIZE, height=SIZE, steps=12, seed=2, cfg_scale=3, denoising_strength=0.5
)
assert over.image.size == (SIZE, SIZE) and over.info["denoising_strength"] == 0.5, over.info
over.image.save(folder / "webuiapi-img2img.png")
assert api.get_progress()["progress"] == 0

# Another thread paints, as a program's window would; this one watches it and ends it.
answers = []
slow = {"prompt": "学习", "width": SIZE, "height": SIZE, "steps": 150, "seed": 3}
painting = threading.Thread(target=lambda: answers.append(api.txt2img(**slow)))
painting.start()
seen = 0.0
while painting.is_alive() and seen == 0:
    time.sleep(0.2)
    seen = api.get_progress()["progress"]
assert 0 < seen < 1, seen
api.interrupt()
painting.join(timeout=120)
assert not painting.is_alive() and answers[0].info["interrupted"] and answers[0].images == [], answers
assert api.get_progress()["progress"] == 0
print(f"webuiapi: txt2img, img2img, interrupted at {seen:.0%}")

client = OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="k")
answer = client.images.generate(
    model="draft/watercolor", prompt="学习", size=f"{SIZE}x{SIZE}", n=1, response_format="b64_json"
)
(folder / "openai-python.png").write_bytes(base64.b64decode(answer.data[0].b64_json))
assert "draft" in [model.id for model in client.models.list()]
print("openai for Python")
