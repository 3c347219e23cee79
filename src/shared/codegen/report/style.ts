/** The page on screen and on paper: the studio's light theme. */
export const pageStyle = `\
:root {
  --text: #16191b;
  --soft: #4a5257;
  --label: #5f686d;
  --hairline: #e1e5e5;
  --line: #cdd3d4;
  --accent: #00736b;
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: #fff;
  color: var(--text);
  font: 14px/1.55 'Inter Variable', Inter, 'Segoe UI', system-ui, 'Liberation Sans', sans-serif;
  font-variant-numeric: tabular-nums;
  print-color-adjust: exact;
  -webkit-print-color-adjust: exact;
}
main {
  max-width: 800px;
  margin: 0 auto;
  padding: 48px 24px 64px;
}
h1 {
  margin: 2px 0 4px;
  font-size: 30px;
  line-height: 1.2;
  letter-spacing: -0.015em;
}
h2 {
  margin: 0 0 12px;
  padding-top: 28px;
  border-top: 1px solid var(--line);
  font-size: 19px;
  line-height: 1.3;
}
section {
  margin-top: 36px;
}
p {
  margin: 0 0 12px;
  max-width: 70ch;
}
.eyebrow {
  margin: 0;
  color: var(--accent);
  font-size: 12px;
  font-weight: 600;
  letter-spacing: 0.02em;
}
.subtitle {
  max-width: none;
  margin-bottom: 16px;
  color: var(--label);
}
.readouts {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
  margin: 24px 0 0;
  border: 1px solid var(--line);
  border-radius: 6px;
}
.readouts > div {
  padding: 14px 16px;
  border-left: 1px solid var(--hairline);
}
.readouts > div:first-child {
  border-left: 0;
}
.readouts dt {
  color: var(--label);
  font-size: 12px;
}
.readouts dd {
  margin: 0;
  font-size: 24px;
  font-weight: 600;
  line-height: 1.3;
}
.readouts dd.note {
  min-height: 18px;
  color: var(--label);
  font-size: 12px;
  font-weight: 400;
  line-height: 1.5;
}
.facts {
  margin: 0 0 20px;
}
.facts > div {
  display: grid;
  grid-template-columns: 128px minmax(0, 1fr);
  gap: 16px;
  padding: 5px 0;
  border-bottom: 1px solid var(--hairline);
}
.facts dt {
  color: var(--label);
}
.facts dd {
  margin: 0;
  overflow-wrap: anywhere;
}
table {
  width: 100%;
  margin: 20px 0;
  border-collapse: collapse;
  font-size: 13px;
  line-height: 1.45;
}
caption,
figcaption {
  margin-bottom: 6px;
  color: var(--text);
  font-size: 13px;
  font-weight: 600;
  text-align: left;
}
th,
td {
  padding: 5px 12px 5px 0;
  border-bottom: 1px solid var(--hairline);
  text-align: left;
  vertical-align: top;
  overflow-wrap: break-word;
}
thead th {
  border-bottom-color: var(--line);
  color: var(--label);
  font-weight: 500;
}
.number {
  padding-right: 0;
  padding-left: 12px;
  text-align: right;
  white-space: nowrap;
}
.matrix {
  width: auto;
  margin: 0;
}
.matrix th,
.matrix td {
  min-width: 72px;
  padding: 8px 12px;
  border: 1px solid #fff;
  text-align: center;
  white-space: nowrap;
}
.matrix th {
  color: var(--soft);
  font-weight: 500;
}
.matrix tbody th {
  padding-left: 0;
  text-align: left;
}
.matrix tbody td {
  outline: 1px solid var(--hairline);
  outline-offset: -1px;
  font-size: 15px;
  font-weight: 600;
}
.matrix .dark {
  color: #fff;
}
figure {
  margin: 20px 0;
}
svg {
  display: block;
  max-width: 100%;
  height: auto;
}
pre {
  margin: 0;
  padding: 12px 14px;
  border: 1px solid var(--hairline);
  border-radius: 6px;
  background: #f7f8f8;
  font: 12px/1.6 'JetBrains Mono', 'SF Mono', Consolas, 'Liberation Mono', monospace;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
.prompt {
  color: var(--label);
}
@page {
  size: A4;
  margin: 16mm 15mm;
}
@media print {
  p {
    orphans: 3;
    widows: 3;
  }
  body {
    font-size: 10.5pt;
  }
  main {
    max-width: none;
    padding: 0;
  }
  section {
    margin-top: 24px;
  }
  h2,
  caption,
  figcaption {
    break-after: avoid;
  }
  figure,
  tr,
  .facts > div,
  .readouts,
  .keep {
    break-inside: avoid;
  }
}
`;
