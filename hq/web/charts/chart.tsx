import { Suspense, lazy, useId, useState } from 'react';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Loading } from '../ui/trouble.tsx';

export interface ChartSeries {
  readonly name: string;
  /** One for each category; null where there is none. */
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly title: string;
  /** "￥", "orders", "%": stands at the axis, in the tooltip and in the table. */
  readonly unit: string;
  /** `stack`: bars on one another. `heat`: categories across, series down. `pie`: the first series alone. */
  readonly kind: 'line' | 'bar' | 'stack' | 'heat' | 'pie';
  readonly series: readonly ChartSeries[];
  readonly categories: readonly string[];
  /** How a value reads; by default with at most two digits after the point. */
  readonly format?: (value: number) => string;
  readonly heightPx?: number;
}

const Canvas = lazy(async () => ({ default: (await import('./canvas.tsx')).ChartCanvas }));

/** A chart, and the same figures as a table for who wants to read, copy or hear them. */
export function Chart({ format = plainNumber, ...chart }: ChartProps) {
  const { title, unit, series, categories } = chart;
  const texts = useAreaTexts(uiTexts);
  const id = useId();
  const [isTable, setTable] = useState(false);
  const isEmpty = categories.length === 0 || series.every(({ values }) => values.length === 0);
  return (
    <figure className="k-figure" aria-labelledby={id}>
      <div className="k-figure-head">
        <h3 id={id}>{title} <span className="k-note">{texts.unit(unit)}</span></h3>
        <div className="k-switch" role="group" aria-label={title}>
          <button type="button" aria-pressed={!isTable} onClick={() => setTable(false)}>{texts.asChart}</button>
          <button type="button" aria-pressed={isTable} onClick={() => setTable(true)}>{texts.asTable}</button>
        </div>
      </div>
      {isEmpty ? <p className="k-loading">{texts.noFigures}</p> : isTable ? (
        <div className="k-table-place" role="region" aria-labelledby={id} tabIndex={0}>
          <table className="k-table k-plain-table">
            <thead><tr><th scope="col"><span className="unseen">{title}</span></th>{series.map(({ name }) => <th key={name} scope="col" className="k-end">{name}</th>)}</tr></thead>
            <tbody>
              {categories.map((category, index) => (
                <tr key={category}><th scope="row">{category}</th>{series.map(({ name, values }) => <td key={name} className="k-end">{typeof values[index] === 'number' ? format(values[index]) : '–'}</td>)}</tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Suspense fallback={<Loading />}><Canvas {...chart} format={format} /></Suspense>
      )}
    </figure>
  );
}

function plainNumber(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 2 });
}
