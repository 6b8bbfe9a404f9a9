// <c-map>: points from our own address over the bundled borders; no tile server, no other host.
// A point's properties: label, href, note, tone (ok, soon, taken). Text is never read as markup.
(() => {
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

  const load = async (address) => {
    const answer = await fetch(address, { credentials: 'same-origin', headers: { Accept: 'application/geo+json' } });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  };

  const popup = ({ label, href, note }) => {
    const box = document.createElement('div');
    const title = document.createElement(href ? 'a' : 'strong');
    title.textContent = label ?? '';
    if (href) title.href = new URL(href, window.location.href).pathname;
    box.append(title);
    if (note) {
      const text = document.createElement('p');
      text.textContent = note;
      box.append(text);
    }
    return box;
  };

  const point = (feature, place) =>
    L.circleMarker(place, { radius: 9, className: `ali-point ali-point--${feature.properties.tone ?? 'ok'}` });

  // Near points are one sign with their number; its tone is that of the best point inside.
  const TONES = ['ok', 'soon', 'taken'];
  const grouped = (box) =>
    L.markerClusterGroup({
      showCoverageOnHover: false, animate: !still, maxClusterRadius: 40, spiderfyOnMaxZoom: true,
      iconCreateFunction: (cluster) => {
        const tones = cluster.getAllChildMarkers().map((one) => one.feature.properties.tone ?? 'ok');
        const tone = TONES.find((one) => tones.includes(one)) ?? 'ok';
        const sign = document.createElement('span');
        sign.textContent = cluster.getChildCount();
        return L.divIcon({ html: sign, className: `ali-cluster ali-cluster--${tone}`, iconSize: [36, 36] });
      },
    }).on('animationend spiderfied unspiderfied', () => nameGroups(box));

  const nameGroups = (box) =>
    box.querySelectorAll('.ali-cluster').forEach((sign) => {
      sign.setAttribute('role', 'button');
      sign.setAttribute('aria-label', `${box.dataset.textGroup}: ${sign.textContent}`);
    });

  // Where the answer gathers points on a grid, a sign stands for many of them: opening it goes nearer.
  const gathered = (map, box) => (feature, place) => {
    const { count, tone } = feature.properties;
    if (!count) return point(feature, place);
    const number = document.createElement('span');
    number.textContent = count;
    const icon = L.divIcon({ html: number, className: `ali-cluster ali-cluster--${tone ?? 'ok'}`, iconSize: [36, 36] });
    const nearer = () => map.setView(place, Math.min(map.getZoom() + 2, 18), { animate: !still });
    return L.marker(place, { icon, alt: `${box.dataset.textGroup}: ${count}` })
      .on('click', nearer)
      .on('keypress', ({ originalEvent }) => originalEvent.key === 'Enter' && nearer());
  };

  const nameArea = (feature, layer) => {
    const name = feature.properties.comune;
    if (name) layer.bindTooltip(document.createTextNode(name), { permanent: true, direction: 'center', className: 'ali-area-name' });
  };

  const showNamesWhenNear = (map, box) => {
    const toggle = () => box.classList.toggle('ali-map--named', map.getZoom() >= 11);
    map.on('zoomend', toggle);
    toggle();
  };

  // Leaflet draws a path: make it a button for the keyboard and for screen readers.
  const makeReachable = (layer, label) => {
    const path = layer.getElement();
    if (!path || path.hasAttribute('tabindex')) return;
    path.setAttribute('tabindex', '0');
    path.setAttribute('role', 'button');
    path.setAttribute('aria-label', label);
    path.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      layer.openPopup();
    });
  };

  const start = async (box) => {
    if (box.dataset.aliStarted) return;
    box.dataset.aliStarted = 'yes';
    const status = box.parentElement.querySelector('[role=status]');
    const map = L.map(box, {
      zoomControl: false, attributionControl: false, maxZoom: 18, zoomAnimation: !still, fadeAnimation: !still, scrollWheelZoom: false,
    });
    L.control.zoom({ zoomInTitle: box.dataset.textZoomIn, zoomOutTitle: box.dataset.textZoomOut }).addTo(map);
    map.setView([45.4, 11.87], 9);
    const groups = grouped(box).addTo(map);
    const cells = L.layerGroup().addTo(map);
    let points;
    let isGrid = false;

    // Points come in and out of their groups: each is made reachable when it is drawn.
    map.on('layeradd', ({ layer }) => {
      if (layer instanceof L.CircleMarker) makeReachable(layer, layer.feature.properties.label ?? '');
      nameGroups(box);
    });

    const show = async (stays = false) => {
      const address = new URL(box.dataset.geojson, window.location.href);
      if ('followAddress' in box.dataset) {
        for (const [name, value] of new URLSearchParams(window.location.search)) address.searchParams.append(name, value);
      }
      if (stays) address.searchParams.set('riquadro', map.getBounds().pad(0.1).toBBoxString());
      try {
        const data = await load(address);
        isGrid = data.grid === true;
        groups.clearLayers();
        cells.clearLayers();
        points = L.geoJSON(data, {
          pointToLayer: isGrid ? gathered(map, box) : point,
          onEachFeature: (feature, layer) => feature.properties.count || layer.bindPopup(popup(feature.properties)),
        });
        (isGrid ? cells : groups).addLayer(points);
        if (data.features.length && !stays) map.fitBounds(points.getBounds().pad(0.2), { maxZoom: 14, animate: false });
        const shown = data.features.reduce((sum, { properties }) => sum + (properties.count ?? 1), 0);
        status.textContent = `${box.dataset.textCount}: ${shown}`;
      } catch {
        status.textContent = box.dataset.textFailed;
      }
    };

    if (box.dataset.borders) {
      load(box.dataset.borders)
        .then((borders) => {
          const drawn = L.geoJSON(borders, { interactive: false, className: 'ali-border', onEachFeature: nameArea });
          drawn.addTo(map).bringToBack();
          showNamesWhenNear(map, box);
          if (!points?.getLayers().length) map.fitBounds(drawn.getBounds(), { animate: false });
        })
        .catch(() => {});
    }
    await show();
    map.on('moveend', () => isGrid && show(true));
    if ('followAddress' in box.dataset) {
      document.body.addEventListener('htmx:pushedIntoHistory', () => box.isConnected && show());
      document.body.addEventListener('htmx:replacedInHistory', () => box.isConnected && show());
    }
  };

  // A map that a phone keeps hidden costs nothing until it is seen.
  const startWhenSeen = (box) => {
    if (box.getClientRects().length) return start(box);
    const seen = new ResizeObserver(() => {
      if (!box.getClientRects().length) return;
      seen.disconnect();
      start(box);
    });
    seen.observe(box);
  };

  const startAll = () => document.querySelectorAll('[data-ali-map]').forEach(startWhenSeen);
  startAll();
  document.addEventListener('htmx:afterSettle', startAll);
})();
