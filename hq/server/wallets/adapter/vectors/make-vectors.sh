#!/bin/sh
# Signature vectors of the wallets' gateways, made with the openssl command line and none of our code (OpenSSL 3). Run it anew only where a vector is to be added:
# every key changes with it. The keys are for these tests alone and open nothing.
set -eu
cd "$(dirname "$0")"
rm -f -- *.pem *.message *.signature *.body *.json *.form *.hex
umask 077

key() { openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1-key.pem" 2>/dev/null; openssl pkey -in "$1-key.pem" -pubout -out "$1-public.pem"; }
certificate() { openssl req -x509 -new -sha256 -key "$1-key.pem" -subj "$2" -set_serial "0x$3" -days 36500 -out "$1-cert.pem"; }
sign() { openssl dgst -sha256 -sign "$1" "$2" | openssl base64 -A; }
percent() { printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n' | sed 's/../%&/g'; }

for name in merchant platform app alipay root; do key "$name"; done
certificate merchant '/C=CN/O=Merchant of the tests/CN=1900000109' 5157F09EFDC096DE15EBE81A47057A7232F1B8E1
certificate platform '/C=CN/O=Platform of the tests/CN=Platform' 0FAB4E7E52B6F7A5F4F2F4F0F3D1F2B3C4D5E6F7
certificate app '/C=CN/O=Application of the tests/CN=2021000000000001' 1A2B3C4D5E6F708192A3B4C5D6E7F809
certificate alipay '/C=CN/O=Alipay of the tests/CN=Alipay' 2A2B3C4D5E6F708192A3B4C5D6E7F809
certificate root '/C=CN/O=Root of the tests/CN=Root' 3A2B3C4D5E6F708192A3B4C5D6E7F809
# The form that Alipay's own tool writes: PKCS#1, and bare base64 of PKCS#8.
openssl rsa -in app-key.pem -traditional -out app-key-pkcs1.pem 2>/dev/null

# WeChat Pay, APIv3: a request is signed over METHOD\npath\ntimestamp\nnonce\nbody\n by the merchant.
printf 'POST\n/v3/pay/transactions/native\n1795321800\nu5N3Bd8TqXv2\n{"out_trade_no":"0190f3a2b1c4471e8d3caa0011223344","description":"流量包 5GB"}\n' > wechat-request.message
sign merchant-key.pem wechat-request.message > wechat-request.signature

# An answer over timestamp\nnonce\nbody\n by the platform. And one without a body (204).
printf '{"code_url":"weixin://wxpay/bizpayurl?pr=5zPkq1a00","note":"好的 \\/ ok"}' > wechat-answer.body
{ printf '1795321800\nc5ac7061fccab6bf3e254dcf98995b8c\n'; cat wechat-answer.body; printf '\n'; } > wechat-answer.message
sign platform-key.pem wechat-answer.message > wechat-answer.signature
printf '1795321800\nfdasflkja484w\n\n' > wechat-empty.message
sign platform-key.pem wechat-empty.message > wechat-empty.signature

# AES-256-GCM. `openssl enc` does not speak it; `openssl cms` does: the content key is random and wrapped (AES key wrap) under one that is given, so it can be
# unwrapped again. Without further authenticated data, which cms has no way to give (a vector with some: the test's own, from the GCM specification).
kek=000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F
printf '{"mchid":"1900000109","appid":"wxd678efh567hg6787","out_trade_no":"0190f3a2b1c4471e8d3caa0011223344","trade_state":"SUCCESS"}' > sealed.body
openssl cms -encrypt -binary -aes-256-gcm -secretkey "$kek" -secretkeyid 01 -outform DER -in sealed.body -out sealed.der
dump=$(openssl asn1parse -inform DER -in sealed.der)
# In their order: key id, the wrapped content key, the nonce, the sealed text and the tag.
octets=$(printf '%s\n' "$dump" | sed -n 's/.*OCTET STRING *\[HEX DUMP\]://p')
wrapped=$(printf '%s\n' "$octets" | sed -n 2p)
nonce=$(printf '%s\n' "$octets" | sed -n 3p)
tag=$(printf '%s\n' "$octets" | tail -1)
at=$(printf '%s\n' "$dump" | sed -n 's/^ *\([0-9]*\):d=[0-9]* *hl=\([0-9]*\) *l= *\([0-9]*\) prim: *cont \[ 0 \].*/\1 \2 \3/p' | tail -1)
set -- $at
dd if=sealed.der bs=1 skip=$(($1 + $2)) count="$3" 2>/dev/null | od -An -v -tx1 | tr -d ' \n' > sealed-text.hex
printf '%s' "$wrapped" | sed 's/../\\x&/g' | xargs -0 printf '%b' > wrapped.bin
openssl enc -d -id-aes256-wrap -K "$kek" -iv A6A6A6A6A6A6A6A6 -in wrapped.bin -out content-key.bin
od -An -v -tx1 content-key.bin | tr -d ' \n' > sealed-key.hex
printf '%s' "$nonce" > sealed-nonce.hex
printf '%s' "$tag" > sealed-tag.hex
rm -f sealed.der wrapped.bin content-key.bin

# Alipay: a request over its sorted parameters by the application.
printf '%s' 'app_id=2021000000000001&biz_content={"out_trade_no":"0190f3a2b1c4471e8d3caa0011223344"}&charset=utf-8&method=alipay.trade.query&sign_type=RSA2&timestamp=2026-11-23 12:30:00&version=1.0' > alipay-request.message
sign app-key.pem alipay-request.message > alipay-request.signature

# An answer over the raw text of the object within it, by Alipay.
printf '%s' '{"code":"10000","msg":"Success","out_trade_no":"0190f3a2b1c4471e8d3caa0011223344","qr_code":"https:\/\/qr.alipay.com\/bax03206ug0kulveltqc80a8","note":"中文 } \"sign\" {"}' > alipay-answer.message
sign alipay-key.pem alipay-answer.message > alipay-answer.signature
{ printf '{"alipay_trade_precreate_response":'; cat alipay-answer.message; printf ',"sign":"%s"}' "$(cat alipay-answer.signature)"; } > alipay-answer.json

# A notification over its sorted parameters without sign and sign_type, by Alipay; sent as a form.
set -- app_id 2021000000000001 buyer_logon_id 'abc***@example.com' charset utf-8 gmt_payment '2026-11-23 12:29:58' notify_id 2026112300222122958000001234567890 notify_time '2026-11-23 12:30:00' \
  notify_type trade_status_sync out_trade_no 0190f3a2b1c4471e8d3caa0011223344 seller_id 2088000000000001 subject '充值 50 元 & more=50%' total_amount 50.00 trade_no 2026112322001400001234567890 trade_status TRADE_SUCCESS version 1.0
form=
: > alipay-notification.message
while [ $# -gt 0 ]; do
  [ -s alipay-notification.message ] && printf '&' >> alipay-notification.message
  printf '%s=%s' "$1" "$2" >> alipay-notification.message
  form="$form$1=$(percent "$2")&"
  shift 2
done
sign alipay-key.pem alipay-notification.message > alipay-notification.signature
printf '%ssign_type=RSA2&sign=%s' "$form" "$(percent "$(cat alipay-notification.signature)")" > alipay-notification.form
chmod 644 -- *.pem *.message *.signature *.body *.json *.form *.hex
