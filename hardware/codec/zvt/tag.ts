/** Tags of PA00P015, 9, that the kiosk reads or writes. */
export const TAG = {
  TEXT_LINE: 0x07,
  TEXT_ATTRIBUTE: 0x09,
  COMMAND: 0x0a,
  LINE_WIDTH: 0x12,
  CHARSET: 0x14,
  DISPLAY_TEXTS: 0x24,
  PRINT_TEXTS: 0x25,
  PERMITTED_COMMANDS: 0x26,
  RECEIPT_KIND: 0x1f07,
} as const;
