import type { EChartsCoreOption } from 'echarts/core';
import { init, use as registerParts } from 'echarts/core';
import { BarChart, HeatmapChart, LineChart, PieChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef, useState } from 'react';
import { useLanguage } from '../i18n/use-texts.tsx';
import { themeEvent } from '../ui/theme.tsx';
import type { ChartProps } from './chart.tsx';
import type { ChartColours } from './colours.ts';
import { readColours } from './colours.ts';

registerParts([BarChart, HeatmapChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, CanvasRenderer]);

type Drawn = ChartProps & { readonly format: (value: number) => string };

export function ChartCanvas(props: Drawn) {
  const { language } = useLanguage();
  const { heightPx = 280, title } = props;
  return <Canvas label={title} heightPx={heightPx} make={(colours) => optionOf(props, colours)} key={`${props.kind} ${language}`} />;
}

interface CanvasProps {
  readonly label: string;
  readonly heightPx: number;
  readonly make: (colours: ChartColours) => EChartsCoreOption;
  readonly onPick?: (name: string) => void;
}

/** A drawing of ECharts that follows its place's size and the page's colours. */
export function Canvas({ label, heightPx, make, onPick }: CanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(undefined);
  const [colours, setColours] = useState(readColours);

  useEffect(() => {
    const again = () => setColours(readColours());
    const system = matchMedia('(prefers-color-scheme: dark)');
    addEventListener(themeEvent, again);
    system.addEventListener('change', again);
    return () => {
      removeEventListener(themeEvent, again);
      system.removeEventListener('change', again);
    };
  }, []);
  useEffect(() => {
    if (!place.current) return;
    const made = init(place.current, undefined, { renderer: 'canvas' });
    chart.current = made;
    const sizes = new ResizeObserver(() => made.resize());
    sizes.observe(place.current);
    return () => {
      sizes.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, []);
  useEffect(() => {
    const made = chart.current;
    if (!made) return;
    made.setOption(make(colours), { notMerge: true });
    made.off('click');
    if (onPick) made.on('click', ({ name }) => onPick(name));
  });
  return <div ref={place} className="k-figure-canvas" role="img" aria-label={label} style={{ height: heightPx }} />;
}

function optionOf({ title, unit, kind, series, categories, format }: Drawn, { ink, soft, line, paper, palette }: ChartColours): EChartsCoreOption {
  const shown = (value: unknown) => (typeof value === 'number' ? `${format(value)} ${unit}` : '–');
  const motion = matchMedia('(prefers-reduced-motion: reduce)').matches ? false : undefined;
  const base = {
    ...(motion === false ? { animation: false } : { animationDuration: 240 }),
    color: [...palette], textStyle: { fontFamily: 'inherit', color: ink },
    aria: { enabled: true, label: { description: title }, decal: { show: series.length > 1 && kind !== 'line' } },
    // As text on the canvas: the page's policy forbids the style attributes of the HTML one.
    tooltip: { renderMode: 'richText', confine: true, trigger: kind === 'pie' || kind === 'heat' ? 'item' : 'axis', backgroundColor: paper, borderColor: line, textStyle: { color: ink }, valueFormatter: shown },
  };
  if (kind === 'pie') {
    return { ...base, legend: { bottom: 0, textStyle: { color: ink } }, series: [{ type: 'pie', radius: ['45%', '72%'], center: ['50%', '44%'], itemStyle: { borderColor: paper, borderWidth: 2 }, label: { color: ink }, data: categories.map((name, index) => ({ name, value: series[0]?.values[index] ?? 0 })) }] };
  }
  const axisText = { axisLabel: { color: soft, hideOverlap: true }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  const across = { type: 'category', data: [...categories], ...axisText };
  if (kind === 'heat') {
    const values = series.flatMap(({ values: row }, y) => row.map((value, x) => [x, y, value ?? 0]));
    const most = Math.max(1, ...values.map(([, , value]) => Number(value)));
    return {
      ...base,
      tooltip: { ...base.tooltip, formatter: ({ value: [x, y, value] }: { value: [number, number, number] }) => `${series[y]?.name}, ${categories[x]}: ${shown(value)}` },
      grid: { left: 8, right: 8, top: 8, bottom: 44, containLabel: true }, xAxis: across, yAxis: { type: 'category', data: series.map(({ name }) => name), ...axisText },
      visualMap: { min: 0, max: most, calculable: false, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: 120, textStyle: { color: soft }, inRange: { color: [paper, palette[0]] }, formatter: (value: number) => format(value) },
      series: [{ type: 'heatmap', data: values }],
    };
  }
  return {
    ...base,
    ...(series.length > 1 ? { legend: { top: 0, left: 0, textStyle: { color: ink }, type: 'scroll' } } : {}),
    grid: { left: 8, right: 12, top: series.length > 1 ? 38 : 14, bottom: 8, containLabel: true },
    xAxis: { ...across, boundaryGap: kind !== 'line' },
    yAxis: { type: 'value', ...(unit === '%' ? { max: 100 } : {}), ...axisText, axisLabel: { color: soft, formatter: (value: number) => format(value) }, splitLine: { lineStyle: { color: line } } },
    series: series.map(({ name, values }) => ({
      name, data: [...values], type: kind === 'line' ? 'line' : 'bar', ...(kind === 'stack' ? { stack: 'all' } : {}),
      ...(kind === 'line' ? { symbol: values.length > 60 ? 'none' : 'circle', symbolSize: 5, lineStyle: { width: 2.2 } } : { barMaxWidth: 34 }),
    })),
  };
}
