#!/bin/sh
# The examples of the Writing Service as its users write them, on its own port: sh curl.sh FOLDER. Needs curl and jq.
set -eu
cd "$1"

curl -s --fail-with-body -X POST http://localhost:8600/api/writing/generate-writing-image \
  -H "Content-Type: application/json" \
  -d '{"word": "学习", "translation": "study", "width": 1024, "height": 1024}' > answer.json
jq -e .success answer.json
jq -r .generated_image_base64 answer.json | base64 -d > curl.png
jq -c '.conditioning_images_base64 | map_values(keys)' answer.json
jq -c .generation_metadata answer.json

curl -s --fail http://localhost:8600/api/writing/status | jq -c .queue
curl -s --fail http://localhost:8600/health | jq -c .
curl -s --fail http://localhost:8600/health/detailed > detailed.json
jq -e -c .gpu_status detailed.json
jq -e -c .service_status.ai_status detailed.json
curl -s --fail http://localhost:8600/health/ready | jq -c .
curl -s --fail -X POST http://localhost:8600/health/warmup | jq -c .
