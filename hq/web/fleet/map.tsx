import { registerMap, use as useParts } from 'echarts/core';
import { EffectScatterChart, ScatterChart } from 'echarts/charts';
import { GeoComponent } from 'echarts/components';
import { useState } from 'react';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import world from 'world-atlas/countries-50m.json';
import type { KioskStateName } from '../../contract/api/fleet.ts';
import { Canvas } from '../charts/canvas.tsx';
import type { ChartColours } from '../charts/colours.ts';
import { fleetTexts } from '../i18n/areas/fleet.ts';
import { useAreaTexts } from '../i18n/use-texts.tsx';
import { navigate } from '../router.tsx';
import { stateLooks } from './state-badge.tsx';
import { kioskPath } from './fleet-page.tsx';

useParts([EffectScatterChart, GeoComponent, ScatterChart]);
const mapName = 'counter24-world';

interface PlacedKiosk {
  readonly kioskId: string;
  readonly name: string;
  readonly place: string;
  readonly state: KioskStateName;
  readonly latitude: number;
  readonly longitude: number;
}

/** Countries and the kiosks on them: drawn here, without a map service. The list stays the main view, since a point is no address. */
export function FleetMap({ places, without }: { readonly places: readonly PlacedKiosk[]; readonly without: number }) {
  const texts = useAreaTexts(fleetTexts);
  const [isReady] = useState(() => {
    const topology = world as unknown as Topology;
    registerMap(mapName, feature(topology, topology.objects['countries']!) as never);
    return true;
  });
  const states = (Object.keys(stateLooks) as (keyof typeof stateLooks)[]).filter((state) => places.some((place) => place.state === state));
  const option = ({ ink, line, paper, ground, good, warn, bad, quiet }: ChartColours) => {
    const colours = { good, warn, bad, quiet };
    return {
      aria: { enabled: true, label: { description: `${texts.mapTitle}. ${states.map((state) => `${texts.states[state]}: ${places.filter((place) => place.state === state).length}`).join(', ')}` } },
      legend: { top: 0, left: 0, textStyle: { color: ink } },
      tooltip: { renderMode: 'richText', confine: true, backgroundColor: paper, borderColor: line, textStyle: { color: ink }, formatter: ({ data }: { data?: PlacedKiosk }) => (data ? `${data.name}\n${data.place}\n${texts.states[data.state]}` : '') },
      geo: { map: mapName, roam: true, ...viewOf(places), itemStyle: { areaColor: ground, borderColor: line }, emphasis: { disabled: true }, silent: true, top: 40, bottom: 8 },
      series: states.map((state) => ({
        type: 'scatter', coordinateSystem: 'geo', name: texts.states[state], symbol: symbols[state], symbolSize: 13, itemStyle: { color: colours[stateLooks[state][0]], borderColor: paper, borderWidth: 1 },
        data: places.filter((place) => place.state === state).map((place) => ({ ...place, value: [place.longitude, place.latitude] })),
      })),
    };
  };
  return (
    <div className="k-card">
      <p className="k-note">{texts.mapText} {without > 0 && texts.without(without)}</p>
      {isReady && <Canvas label={texts.mapTitle} heightPx={560} make={option as never} onPick={(name) => {
        const kiosk = places.find((place) => place.name === name);
        if (kiosk) navigate(kioskPath(kiosk.kioskId));
      }} />}
    </div>
  );
}

/** No state by its colour alone. */
const symbols: Readonly<Record<keyof typeof stateLooks, string>> = {
  selling: 'circle', limited: 'triangle', paused: 'rect', out_of_service: 'diamond', offline: 'pin', unknown: 'roundRect', never: 'emptyCircle', off: 'emptyCircle',
};

/** As near as all of them can be seen. */
function viewOf(places: readonly PlacedKiosk[]): object {
  if (places.length === 0) return { center: [105, 30], zoom: 1.2 };
  const longitudes = places.map(({ longitude }) => longitude);
  const latitudes = places.map(({ latitude }) => latitude);
  const [west, east, south, north] = [Math.min(...longitudes), Math.max(...longitudes), Math.min(...latitudes), Math.max(...latitudes)];
  return { center: [(west + east) / 2, (south + north) / 2], zoom: Math.max(1.2, Math.min(9, 360 / (east - west + 28), 180 / (north - south + 16))) };
}
