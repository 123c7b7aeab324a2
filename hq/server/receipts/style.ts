/** Inline, so that the page needs nothing else; its hash stands in the page's Content-Security-Policy. */
export const receiptPageStyle = `
*{box-sizing:border-box;margin:0}
body{background:#ece8e2;color:#1b1b1f;font:16px/1.5 Inter,-apple-system,"Segoe UI",Roboto,"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;padding:20px 14px 36px;-webkit-text-size-adjust:100%}
.paper,.kind{max-width:420px;margin:0 auto;background:#fff;border-radius:18px;padding:28px 22px;box-shadow:0 1px 2px #0000000f,0 12px 32px #00000014}
.text{overflow-wrap:anywhere}
.center{text-align:center}
.right{text-align:right}
.bold{font-weight:650}
.double{font-size:22px;line-height:1.35}
.quadruple{font-size:60px;line-height:1.15;font-weight:750;letter-spacing:.02em;font-variant-numeric:tabular-nums}
.pair{display:flex;justify-content:space-between;gap:16px;padding:2px 0;font-variant-numeric:tabular-nums}
.pair span:first-child{overflow-wrap:anywhere}
.pair span:last-child{white-space:nowrap;text-align:right}
.pair.bold{font-size:20px;padding:4px 0}
.indent-1,.indent-2,.indent-3{color:#5c5a57;font-size:14.5px}
.indent-1{padding-left:10px}
.indent-2{padding-left:18px}
.indent-3{padding-left:26px}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:2px 0 2px 12px;vertical-align:top;text-align:left}
th:first-child,td:first-child{padding-left:0;overflow-wrap:anywhere}
th.right,td.right{text-align:right;white-space:nowrap}
hr{border:0;border-top:1.5px dashed #cfc9c0;margin:14px 0}
.feed{height:12px}
.qr{width:180px;margin:6px auto 4px}
.qr svg{display:block;width:100%;height:auto}
.note{background:#fff3d6;color:#6b4700;border-radius:12px;padding:10px 14px;text-align:center;font-weight:600;margin-bottom:18px}
.keep{max-width:420px;margin:18px auto 0;text-align:center;color:#5c5a57;font-size:14px}
.services{margin-top:14px;padding:22px}
.services h2{font-size:18px;margin-bottom:8px}
.services ul{list-style:none;padding:0}
.services li{display:flex;flex-direction:column;padding:8px 0}
.services li+li{border-top:1.5px dashed #cfc9c0}
.services .reference{color:#5c5a57;font-size:14.5px;overflow-wrap:anywhere}
.kind{margin-top:12vh;padding:36px 26px}
.kind section+section{border-top:1.5px dashed #cfc9c0;margin-top:24px;padding-top:24px}
.kind h1{font-size:22px;line-height:1.35;margin-bottom:8px}
.kind p{color:#4a4845}
`.trim();
