import { geoGraticule10, geoNaturalEarth1, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import countries from "world-atlas/countries-110m.json";

/** The outlines of the world, drawn once per page load. 100 KB: import it lazily. */

export const WIDTH = 960;
export const HEIGHT = 460;

/** Lines stay smooth, also where a part of the map is shown larger. */
const PRECISION = 0.1;

export const projection = geoNaturalEarth1()
  .precision(PRECISION)
  .fitExtent(
    [
      [4, 4],
      [WIDTH - 4, HEIGHT + 30],
    ],
    { type: "Sphere" },
  );
export const outline = geoPath(projection);
const atlas = countries as unknown as Topology<{ countries: GeometryCollection }>;
export const LAND = outline(feature(atlas, atlas.objects.countries)) ?? "";
export const BORDERS = outline(mesh(atlas, atlas.objects.countries, (a, b) => a !== b)) ?? "";
export const GRID = outline(geoGraticule10()) ?? "";
