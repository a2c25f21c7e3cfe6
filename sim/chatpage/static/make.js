// Small helpers that make elements.

// make returns an element with classes, as in "div.a.b", and children; strings become text.
export function make(what, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  element.append(...children.filter(c => c !== null && c !== undefined && c !== ""));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#i-" + name);
  svg.append(use);
  return svg;
}

// button makes a button that says what it does to those who cannot see its picture.
export function button(what, label, pressed, ...children) {
  const b = make("button." + what, ...children);
  b.type = "button";
  b.title = label;
  b.setAttribute("aria-label", label);
  b.addEventListener("click", pressed);
  return b;
}

// tints are the colours of faces; a person keeps one.
const tints = 7;

export function paintFace(face, id, name) {
  face.textContent = [...name].slice(0, 1).join("");
  face.dataset.tint = id % tints;
}
