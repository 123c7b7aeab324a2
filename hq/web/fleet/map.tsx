import { registerMap, use as registerParts } from 'echarts/core';
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
import { kioskPath } from './paths.ts';

registerParts([EffectScatterChart, GeoComponent, ScatterChart]);
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
    registerMap(mapName, drawable(feature(topology, topology.objects['countries']!) as unknown as Countries) as never);
    return true;
  });
  const states = (Object.keys(stateLooks) as (keyof typeof stateLooks)[]).filter((state) => places.some((place) => place.state === state));
  const option = ({ ink, line, paper, ground, good, warn, bad, quiet }: ChartColours) => {
    const colours = { good, warn, bad, quiet };
    return {
      aria: { enabled: true, label: { description: `${texts.mapTitle}. ${states.map((state) => `${texts.states[state]}: ${places.filter((place) => place.state === state).length}`).join(', ')}` } },
      legend: { top: 0, left: 0, textStyle: { color: ink } },
      tooltip: { renderMode: 'richText', confine: true, backgroundColor: paper, borderColor: line, textStyle: { color: ink }, formatter: ({ data }: { data?: PlacedKiosk }) => (data ? `${data.name}\n${data.place}\n${texts.states[data.state]}` : '') },
      geo: { map: mapName, roam: true, ...viewOf(places), itemStyle: { areaColor: ground, borderColor: quiet, borderWidth: .4 }, emphasis: { disabled: true }, silent: true, top: 40, bottom: 8 },
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

interface Countries {
  readonly features: readonly { readonly id?: string | number; readonly geometry: { readonly type: string; readonly coordinates: unknown } }[];
}
type Ring = readonly (readonly [number, number])[];

/** Without Antarctica, which is no outline on a flat map, and with what crosses the date line drawn on beyond it instead of back across the world. */
function drawable(countries: Countries): Countries {
  const ring = (points: Ring): Ring => (points.some(([longitude], index) => index > 0 && Math.abs(longitude - points[index - 1]![0]) > 180)
    ? points.map(([longitude, latitude]) => [longitude < 0 ? longitude + 360 : longitude, latitude] as const) : points);
  const rings = (coordinates: unknown, depth: number): unknown => (depth === 0 ? ring(coordinates as Ring) : (coordinates as readonly unknown[]).map((inner) => rings(inner, depth - 1)));
  return {
    ...countries,
    features: countries.features.filter(({ id }) => id !== '010').map((country) => ({ ...country, geometry: { ...country.geometry, coordinates: rings(country.geometry.coordinates, country.geometry.type === 'Polygon' ? 1 : 2) } })),
  };
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
