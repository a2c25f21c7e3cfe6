// The list of people: whose phone it is. It is searched by typing, with unread counts.

import { make, paintFace } from "./make.js";
import { say } from "./words.js";

export class People {
  constructor() { this.byID = new Map(); }

  learn(lines) {
    for (const line of lines) this.byID.set(line.id, line);
  }

  get(id) { return this.byID.get(id) || { id, name: "…", unread: 0 }; }

  // found lists who fits a search, those with unread messages first.
  found(words) {
    const parts = words.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = p => parts.every(part => (p.name + " " + (p.about || "")).toLowerCase().includes(part));
    const all = [...this.byID.values()].filter(fits);
    return [...all.filter(p => p.unread), ...all.filter(p => !p.unread)];
  }
}

// Picker is the list as one phone opens it.
export class Picker {
  constructor(box, people, chosen, closed) {
    this.box = box;
    this.people = people;
    this.chosen = chosen;
    this.closed = closed;
    this.input = box.querySelector("input");
    this.list = box.querySelector(".list");
    this.input.addEventListener("input", () => this.draw());
    box.addEventListener("keydown", event => this.key(event));
    box.addEventListener("focusout", event => {
      if (event.relatedTarget && !box.contains(event.relatedTarget)) this.close();
    });
  }

  get open() { return !this.box.hidden; }

  show() {
    this.box.hidden = false;
    this.box.setAttribute("aria-label", say("people"));
    this.input.placeholder = say("search");
    this.input.setAttribute("aria-label", say("search"));
    this.input.value = "";
    this.draw();
    this.list.scrollTop = 0;
    this.input.focus();
  }

  close() {
    if (!this.open) return;
    this.box.hidden = true;
    this.closed();
  }

  draw() {
    const found = this.people.found(this.input.value);
    this.list.replaceChildren(...found.map(p => this.line(p)));
    if (!found.length) this.list.append(make("p.nobody", say("nobody")));
  }

  line(p) {
    const face = make("span.face");
    paintFace(face, p.id, p.name);
    const line = make("button.person", face, make("span.who", make("b", p.name), make("span.about", p.blocked ? say("blocked") : p.about || "")),
      p.unread ? make("span.badge", String(p.unread)) : "");
    line.type = "button";
    line.addEventListener("click", () => {
      this.close();
      this.chosen(p.id);
    });
    return line;
  }

  key(event) {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      return;
    }
    const lines = [...this.list.querySelectorAll("button")];
    const at = lines.indexOf(document.activeElement);
    if (event.key === "ArrowDown") lines[Math.min(at + 1, lines.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (lines[at - 1] || this.input).focus();
    else if (event.key === "Enter" && document.activeElement === this.input) lines[0]?.click();
    else return;
    event.preventDefault();
  }
}
