"""Unmodified Python clients against a running service: python clients.py PORT. Prints a line for each, fails at the first fault."""
import base64
import sys

import webuiapi
from openai import OpenAI

port = int(sys.argv[1])
api = webuiapi.WebUIApi(host="127.0.0.1", port=port)
assert "Euler a" in [sampler["name"] for sampler in api.get_samplers()]
assert api.util_get_current_model() == "draft"
made = api.txt2img(prompt="学习", width=512, height=512, steps=12, seed=1, cfg_scale=3)
assert made.image.size == (512, 512) and made.info["seed"] == 1, made.info
legibility = made.info["extra_generation_params"]["legibility"]
assert legibility > 0.5, legibility
print(f"webuiapi txt2img: {made.image.size}, legibility {legibility:.2f}")
over = api.img2img(images=[made.image], prompt='a "love" sign', width=256, height=256, steps=4, denoising_strength=0.6)
assert over.image.size == (256, 256)
assert api.get_progress()["progress"] == 0
api.interrupt()
print("webuiapi img2img, progress, interrupt")

client = OpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="k")
answer = client.images.generate(model="draft/watercolor", prompt="学习", size="512x512", n=1, response_format="b64_json")
assert base64.b64decode(answer.data[0].b64_json)[:4] == b"\x89PNG"
assert "draft" in [model.id for model in client.models.list()]
print("openai for Python")
