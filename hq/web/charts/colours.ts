export interface ChartColours {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly paper: string;
  readonly ground: string;
  readonly good: string;
  readonly warn: string;
  readonly bad: string;
  readonly quiet: string;
  readonly palette: readonly [string, ...string[]];
}

/** The page's colours as they are now, for a canvas, which knows no custom properties. */
export function readColours(): ChartColours {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colours: ChartColours = {
    ink: colour('ink'), soft: colour('soft'), line: colour('line'), paper: colour('paper'), ground: colour('line-soft'), good: colour('good'), warn: colour('warn'), bad: colour('bad'), quiet: colour('quiet'),
    palette: [colour('series-1'), ...[2, 3, 4, 5, 6].map((number) => colour(`series-${number}`))],
  };
  probe.remove();
  return colours;
}
