import type { ReactNode } from 'react';

interface IconProps {
  readonly className?: string;
}

function icon(name: string, paths: ReactNode) {
  const Icon = ({ className = '' }: IconProps) => (
    <svg className={`icon ${className}`} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {paths}
    </svg>
  );
  Icon.displayName = name;
  return Icon;
}

export const BackIcon = icon('BackIcon', <path d="M20 12H4m7-7-7 7 7 7" />);
export const CheckIcon = icon('CheckIcon', <path d="m4.5 12.5 5 5 10-11" />);
export const PlusIcon = icon('PlusIcon', <path d="M12 5v14M5 12h14" />);
export const MinusIcon = icon('MinusIcon', <path d="M5 12h14" />);
export const CrossIcon = icon('CrossIcon', <path d="m6 6 12 12M18 6 6 18" />);
export const DownIcon = icon('DownIcon', <path d="M12 4v16m-7-7 7 7 7-7" />);
export const NextIcon = icon('NextIcon', <path d="m9 5 7 7-7 7" />);
export const BagIcon = icon('BagIcon', <path d="M5.5 8h13l1 12h-15l1-12Zm3 0V7a3.5 3.5 0 0 1 7 0v1" />);
export const BinIcon = icon('BinIcon', <path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10 11v5m4-5v5" />);
export const PencilIcon = icon('PencilIcon', <path d="m4 20 1-4.5L16.5 4 20 7.5 8.5 19 4 20Z" />);
export const GlobeIcon = icon('GlobeIcon', <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-9 9h18M12 3c3 2.7 3.7 5.8 3.7 9s-.7 6.300-3.7 9c-3-2.700-3.700-5.800-3.700-9S9 5.700 12 3Z" />);
export const PhoneIcon = icon('PhoneIcon', <path d="M7.500 3h9A1.500 1.500 0 0 1 18 4.500v15a1.500 1.500 0 0 1-1.500 1.500h-9A1.500 1.500 0 0 1 6 19.500v-15A1.500 1.500 0 0 1 7.500 3ZM11 18h2" />);
export const CardIcon = icon('CardIcon', <path d="M4.500 5.500h15A1.500 1.500 0 0 1 21 7v10a1.500 1.500 0 0 1-1.500 1.500h-15A1.500 1.500 0 0 1 3 17V7a1.500 1.500 0 0 1 1.500-1.500ZM3 10h18M7 15h3" />);
export const ReceiptIcon = icon('ReceiptIcon', <path d="M6 3h12v18l-3-2-3 2-3-2-3 2V3Zm3.500 5.500h5m-5 4h5" />);
export const ClockIcon = icon('ClockIcon', <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4.500V12l3 2" />);
export const InfoIcon = icon('InfoIcon', <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 8v5.500m0-9.100v.1" />);
/** Money that is back where it came from: the way back, and a check in it. */
export const ReturnedIcon = icon('ReturnedIcon', <path d="m7.500 3.500-4 4 4 4M3.500 7.500h11a6.250 6.250 0 0 1 0 12.500h-6.500M8.800 13.700l2.400 2.300 4.300-4.600" />);
export const NoticeIcon = icon('NoticeIcon', <path d="M12 3.500 2.800 20h18.400L12 3.500Zm0 6.500v4.500m0 2.800v.1" />);
export const EraseIcon = icon('EraseIcon', <path d="M9 5h11a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H9l-6-7 6-7Zm3 4.500 5 5m0-5-5 5" />);
export const BellIcon = icon('BellIcon', <path d="M3.500 17.500h17M5 17.500a7 7 0 0 1 14 0M12 10.500V8m-1.500 0h3M3.500 20h17" />);
export const HatchIcon = icon('HatchIcon', <path d="M4 4h16v9H4zM8 13v4.500h8V13M12 7v7m-2.500-2.500L12 14l2.500-2.500M4 20.500h16" />);
export const MessageIcon = icon('MessageIcon', <path d="M4 5h16v11H10.500L6 20v-4H4V5Zm4.500 4.500h7m-7 3h4" />);
export const HandIcon = icon('HandIcon', <path d="M9.500 13V5.800a1.700 1.700 0 0 1 3.400 0V11l5 1a2 2 0 0 1 1.600 2.300L18.700 21H11l-4.700-5.300a1.500 1.500 0 0 1 2.100-2.100L9.500 14.500" />);
export const HelpIcon = icon('HelpIcon', <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.500 9.600a2.600 2.600 0 1 1 3.700 2.400c-.8.4-1.200.9-1.200 1.800m0 2.700v.1" />);
export const TextIcon = icon('TextIcon', <path d="m2.500 18.500 5-13 5 13m-8.200-4.500h6.400M14.500 18.500l3.200-8.500 3.300 8.500m-5.300-3h4" />);
export const LowerIcon = icon('LowerIcon', <path d="M5 3.500h14v17H5zM12 7v8m-3-3 3 3 3-3M8.500 18h7" />);
export const FullIcon = icon('FullIcon', <path d="M5 3.500h14v17H5zM12 16.500v-9m-3 3 3-3 3 3" />);
export const SearchIcon = icon('SearchIcon', <path d="M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13Zm4.800 11.300L20.500 20.500" />);
export const SpeakIcon = icon('SpeakIcon', <path d="M4 9.500v5h3.500L12 18.500v-13L7.500 9.500H4Zm11.500-1a5 5 0 0 1 0 7m2.700-9.700a9 9 0 0 1 0 12.400" />);
