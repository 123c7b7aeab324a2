import { encode } from 'uqr';
import type { Receipt, ReceiptLine } from '../../../domain/receipt/receipt.ts';
import { useTexts } from '../i18n/use-texts.tsx';
import { Icon } from '../ui/icon.tsx';
import { Section } from './section.tsx';

/** The receipt's lines as they look on 80 mm paper. */
export function ReceiptPaper({ receipt, receiptUrl }: { readonly receipt: Receipt | null; readonly receiptUrl: string }) {
  const texts = useTexts();
  if (!receipt) return <Section title={texts.receipt}><p className="none">{texts.noReceipt}</p></Section>;
  return (
    <Section title={texts.receipt}>
      <p className="none">{texts.receiptText} <a href={customerPage(receiptUrl)} target="_blank" rel="noreferrer" className="plain-link">{texts.openReceipt}<Icon name="open" /></a></p>
      <div className="paper" role="group" aria-label={texts.receipt} lang={receipt.language === 'zh' ? 'zh-CN' : 'en'}>
        {receipt.lines.map((line, index) => <PaperLine key={index} line={line} />)}
      </div>
    </Section>
  );
}

function PaperLine({ line }: { readonly line: ReceiptLine }) {
  switch (line.kind) {
    case 'text':
      return <p className={`paper-text ${line.align} ${line.size}${line.bold ? ' bold' : ''}`}>{line.text}</p>;
    case 'pair':
      return <p className={`paper-pair indent-${Math.min(line.indent, 3)}${line.bold ? ' bold' : ''}`}><span>{line.left}</span><span>{line.right}</span></p>;
    case 'rule':
      return <hr />;
    case 'feed':
      return <div className="paper-feed" />;
    case 'qr':
      return <PaperCode data={line.data} />;
    case 'table':
      return <PaperTable table={line} />;
    // Nobody scans a screen: its text is what it says.
    case 'barcode':
      return <p className="paper-text center">{line.text}</p>;
    case 'logo':
      return <p className="paper-text center double bold">{line.text}</p>;
  }
}

function PaperTable({ table: { columns, rows } }: { readonly table: Extract<ReceiptLine, { kind: 'table' }> }) {
  return (
    <table className="paper-table">
      {columns.some(({ header }) => header !== '') && (
        <thead><tr>{columns.map(({ header, align }, index) => <th key={index} scope="col" className={align}>{header}</th>)}</tr></thead>
      )}
      <tbody>
        {rows.map((row, index) => <tr key={index}>{columns.map(({ align }, column) => <td key={column} className={align}>{row[column]}</td>)}</tr>)}
      </tbody>
    </table>
  );
}

function PaperCode({ data }: { readonly data: string }) {
  const { size, data: modules } = encode(data, { ecc: 'M', border: 0 });
  const path = modules.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg className="paper-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR" shapeRendering="crispEdges">
      <path d={path} />
    </svg>
  );
}

/** The page is HQ's own: whatever name customers know it by, here it is reached where the console is. */
function customerPage(receiptUrl: string): string {
  return new URL(new URL(receiptUrl).pathname, location.origin).href;
}
