import { useState } from 'react';
import type { AttentionMap } from '#shared/run/prediction';
import { AttentionMapView } from './AttentionMapView.js';

/** Every attention block of a network, one below the other, with one chosen token. */
export function AttentionMaps({
  maps,
  tokens,
  nameOf,
}: {
  maps: readonly AttentionMap[];
  tokens: readonly string[];
  nameOf: (node: string) => string;
}) {
  const [place, setPlace] = useState<number | null>(null);
  return maps.map((map) => (
    <AttentionMapView
      key={map.node}
      map={map}
      name={nameOf(map.node)}
      tokens={tokens}
      place={place !== null && place < tokens.length ? place : null}
      onPlace={setPlace}
    />
  ));
}
