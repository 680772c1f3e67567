// Draws the places of the list on the outlines of the countries; no tiles, no other host.
const box = document.querySelector("#map");
const spots = [...document.querySelectorAll(".spots > li")];

function popup(item) {
  const content = item.cloneNode(true);
  content.removeAttribute("data-style");
  const holder = document.createElement("p");
  holder.append(...content.childNodes);
  return holder;
}

// An outline that crosses the 180th meridian goes on past it, instead of back around the world.
function unrolled(ring) {
  let before = ring[0][0];
  return ring.map(([longitude, latitude]) => {
    while (longitude - before > 180) longitude -= 360;
    while (before - longitude > 180) longitude += 360;
    before = longitude;
    return [longitude, latitude];
  });
}

function countries(world) {
  const all = topojson.feature(world, world.objects.countries).features;
  return all.filter((each) => each.id !== "010").map(({ geometry }) => { // 010: Antarctica
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return { type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map(unrolled)) };
  });
}

async function draw() {
  const answer = await fetch(box.dataset.outlines);
  const world = await answer.json();
  box.hidden = false;
  const map = L.map(box, { minZoom: 1, maxZoom: 9, worldCopyJump: true, zoomSnap: 0.5 });
  map.attributionControl.setPrefix(false).addAttribution("Outlines: Natural Earth");
  L.geoJSON(countries(world), { interactive: false, style: { className: "land" } }).addTo(map);
  const markers = spots.map((item) => {
    const { latitude, longitude, count, style } = item.dataset;
    const marker = L.circleMarker([Number(latitude), Number(longitude)], {
      radius: Math.min(22, 3 + 1.3 * Math.sqrt(Number(count))),
      className: `spot ${style}`,
    });
    return marker.bindPopup(popup(item)).bindTooltip(item.querySelector(".value").textContent);
  });
  const group = L.featureGroup(markers).addTo(map);
  map.fitBounds(markers.length ? group.getBounds() : [[-50, -150], [70, 170]], { maxZoom: 5, padding: [24, 24] });
}

draw();
