// A mark as people type it, and the scale under it.

// Full-width digits, stops and minus signs of an input method become plain ones; 088.50 becomes 88.5. Other text stays as it is.
export function tidy(typed) {
  const plain = typed.normalize("NFKC").replaceAll("。", ".").replaceAll("−", "-").trim();
  const found = /^(-?)(\d+)(?:\.(\d*))?$/.exec(plain);
  if (!found) return plain;
  const whole = found[2].replace(/^0+(?=\d)/, "");
  const decimals = (found[3] || "").replace(/0+$/, "");
  const sign = whole === "0" && !decimals ? "" : found[1];
  return sign + whole + (decimals ? `.${decimals}` : "");
}

// Hundredths of a tidy mark, null where it is blank or no mark.
export function hundredths(mark) {
  const found = /^(-?)(\d{1,7})(?:\.(\d{1,2}))?$/.exec(mark);
  if (!found) return null;
  const size = Number(found[2]) * 100 + Number((found[3] || "").padEnd(2, "0"));
  return found[1] ? -size : size;
}

export const written = (value) => tidy((value / 100).toFixed(2));

// The name of what is wrong with a tidy mark that is not blank, or "".
export function fault(mark, { least, most, step }) {
  const value = hundredths(mark);
  if (value === null) return /^-\d/.test(mark) ? "out_of_bounds" : "not_a_number";
  if (value < least || value > most) return least < 0 ? "points_out_of_bounds" : "out_of_bounds";
  return value % step ? "off_step" : "";
}

const SVG = "http://www.w3.org/2000/svg";

function put(svg, name, attributes, words = "") {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = words;
  svg.append(node);
}

// As `charts.scale` draws it: bands of equal width, the knob moves inside its band.
export function drawScale(svg, value, edges, words) {
  for (const old of svg.querySelectorAll(".fill, .word, .knob")) old.remove();
  if (value === null) return;
  const count = edges.length - 1;
  const at = (place) => `${(2 + (place * 96) / count).toFixed(1)}%`;
  const band = Math.max(0, edges.slice(0, count).findLastIndex((edge) => value >= edge));
  const where = band + Math.min(Math.max((value - edges[band]) / (edges[band + 1] - edges[band]), 0), 1);
  put(svg, "line", { class: "fill", x1: at(0), x2: at(where), y1: 9, y2: 9 });
  put(svg, "text", { class: "word", x: at(band + 0.5), y: 31, "text-anchor": "middle" }, words[band]);
  put(svg, "circle", { class: "knob", cx: at(where), cy: 9, r: 6 });
}
