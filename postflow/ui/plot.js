// One chart: drawn once, then told what changed. Runs again with new data at every run of the page.
let library;

function load(path) {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  library ??= new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = new URL(path, document.baseURI).href;
    tag.onload = () => done(window.Plotly);
    tag.onerror = () => { library = undefined; failed(new Error("plotly.min.js could not be loaded")); };
    document.head.append(tag);
  });
  return library;
}

function size(box, height) {
  const found = { width: box.clientWidth, height: height ?? box.clientHeight };
  return found.width > 0 && found.height > 0 ? found : null;
}

function draw(box, Plotly) {
  const data = box.wanted;
  const room = size(box, data.height);
  if (!room) return;
  const drawn = `${room.width}x${room.height}|${data.figure}`;
  if (box.drawn === drawn) return;
  box.drawn = drawn;
  const figure = JSON.parse(data.figure);
  Object.assign(figure.layout, room, { autosize: false });
  Plotly.react(box, figure.data, figure.layout, data.config);
  if (box.listens) return;
  box.listens = true;
  box.on("plotly_click", (event) => box.pick(event.points ?? []));
}

function plain(point) {
  const { x, y, z, label, customdata, curveNumber, pointNumber } = point;
  return { x, y, z, label, customdata, curve_number: curveNumber, point_index: pointNumber };
}

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector(".pf-plot");
  box.wanted = data;
  box.setAttribute("aria-label", data.alt);
  box.classList.toggle("fills", data.height == null);
  box.style.height = data.height == null ? "" : `${data.height}px`;
  box.pick = (points) => { if (data.picks && points.length) setTriggerValue("picked", points.map(plain)); };
  // Text is measured while drawing: the fonts come first.
  Promise.all([load(data.library), document.fonts.ready]).then(([Plotly]) => {
    if (!box.isConnected) return;
    draw(box, Plotly);
    if (box.observer) return;
    box.observer = new ResizeObserver(() => requestAnimationFrame(() => {
      if (box.isConnected) return draw(box, Plotly);
      box.observer.disconnect();
      Plotly.purge(box);
    }));
    box.observer.observe(box);
  }, (fault) => { box.textContent = `The picture cannot be drawn: ${fault.message}. The table below holds its rows.`; });
}
