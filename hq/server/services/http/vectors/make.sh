#!/bin/sh
# Makes the vectors of this folder with openssl alone, so that no line of our own code is in them. Run in this folder: sh make.sh
# The key is 32 bytes of 0x0b; every text ends without a line feed.
set -eu
key=$(printf '0b%.0s' $(seq 32))
digest() { printf 'sha-256=:%s:' "$(openssl dgst -sha256 -binary "$1" | openssl base64 -A)"; }
sign() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary "$1" | openssl base64 -A; }

printf '%s' '{"key":"0190a000-0000-7000-8000-0000000000cc","service":"top_up","offerId":"top-up-50","quantity":1,"amount":{"amount":4990,"currency":"CNY"},"form":{"phone":"13912345678"}}' > submit.body
: > query.body
printf '%s' '{"state":"done","reference":"CM20261123000042"}' > answer.body

request() { # name method path nonce
  params="(\"@method\" \"@authority\" \"@path\" \"content-digest\" \"idempotency-key\");created=1795420800;keyid=\"hq-1\";nonce=\"$4\";alg=\"hmac-sha256\";tag=\"counter24-carrier-request\""
  printf '"@method": %s\n"@authority": carrier.example\n"@path": %s\n"content-digest": %s\n"idempotency-key": 0190a000-0000-7000-8000-0000000000cc\n"@signature-params": %s' "$2" "$3" "$(digest "$1.body")" "$params" > "$1.base"
  sign "$1.base" > "$1.signature"
}
request submit POST /counter24/orders 000102030405060708090a0b0c0d0e0f
request query GET /counter24/orders/0190a000-0000-7000-8000-0000000000cc 101112131415161718191a1b1c1d1e1f

params='("@status" "content-digest" "counter24-nonce");created=1795420801;keyid="hq-1";alg="hmac-sha256";tag="counter24-carrier-answer"'
printf '"@status": 200\n"content-digest": %s\n"counter24-nonce": 101112131415161718191a1b1c1d1e1f\n"@signature-params": %s' "$(digest answer.body)" "$params" > answer.base
sign answer.base > answer.signature
