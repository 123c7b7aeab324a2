import type { ReactNode } from 'react';
import { uiTexts } from '../i18n/areas/ui.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { Link } from '../router.tsx';
import { Button } from './button.tsx';
import { Loading } from './trouble.tsx';

export interface Column<T> {
  readonly id: string;
  readonly name: string;
  readonly cell: (row: T) => ReactNode;
  /** Names the row, and is its link where the row has one. */
  readonly isRowHeader?: boolean;
  readonly align?: 'end';
  /** Left out where there is no room for it: below 1240 px (`medium`), or below 640 px (`narrow`), where rows are cards. */
  readonly hideBelow?: 'narrow' | 'medium';
}

export interface DataTableProps<T> {
  readonly label: string;
  readonly rows: readonly T[];
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly href?: (row: T) => string | undefined;
  /** The row that is shown in the side sheet. */
  readonly currentKey?: string | undefined;
  readonly onMore?: () => void;
  readonly isMore?: boolean;
  readonly isLoading?: boolean;
  /** Instead of the table where there are no rows. */
  readonly empty?: ReactNode;
}

/** A table for sighted and unsighted alike; its rows keep their place when others come, and are cards where it is narrow. */
export function DataTable<T>({ label, rows, columns, rowKey, href, currentKey, onMore, isMore = false, isLoading = false, empty }: DataTableProps<T>) {
  const texts = useAreaTexts(uiTexts);
  if (rows.length === 0) return isLoading ? <Loading /> : (empty ?? <p className="k-loading">{texts.nothingHere}</p>);
  return (
    <div className="k-table-place">
      <table className="k-table" aria-label={label} aria-busy={isLoading}>
        <thead>
          <tr>{columns.map(({ id, name, align, hideBelow }) => <th key={id} scope="col" className={cellClass(align, hideBelow)}>{name === '' ? <span className="unseen">{texts.column}</span> : name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = rowKey(row);
            const to = href?.(row);
            return (
              <tr key={key} className={to === undefined ? undefined : 'k-linked'} data-current={key === currentKey || undefined}>
                {columns.map(({ id, name, cell, isRowHeader, align, hideBelow }) => (isRowHeader ? (
                  <th key={id} scope="row" className={cellClass(align, hideBelow)}>{to === undefined ? cell(row) : <Link to={to} className="k-row-link">{cell(row)}</Link>}</th>
                ) : (
                  <td key={id} data-label={name} className={cellClass(align, hideBelow)}><div className="k-cell">{cell(row)}</div></td>
                )))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {isMore && onMore && <div className="k-more"><Button onPress={onMore} isBusy={isLoading}>{texts.more}</Button></div>}
    </div>
  );
}

function cellClass(align: 'end' | undefined, hideBelow: 'narrow' | 'medium' | undefined): string | undefined {
  return [align && 'k-end', hideBelow && `k-hide-${hideBelow}`].filter(Boolean).join(' ') || undefined;
}
