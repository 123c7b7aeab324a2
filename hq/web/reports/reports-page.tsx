import { useParams } from 'wouter';
import { AvailabilityReportPage } from './availability-report.tsx';
import { FeedbackReportPage } from './feedback-report.tsx';
import { PaymentsReportPage } from './payments-report.tsx';
import { SalesReportPage } from './sales-report.tsx';

/** The report that the address names; sales where it names none. */
export function ReportsPage() {
  const { kind } = useParams<{ kind?: string }>();
  switch (kind) {
    case 'payments': return <PaymentsReportPage />;
    case 'availability': return <AvailabilityReportPage />;
    case 'feedback': return <FeedbackReportPage />;
    default: return <SalesReportPage />;
  }
}
