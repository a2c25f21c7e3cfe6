// One phone: whose it is, the chat on it, and what is done on it.

import { make, paintFace } from "./make.js";
import { say, onLanguage } from "./words.js";
import { act } from "./wire.js";
import { blocksOf, draw } from "./messages.js";
import { Picker } from "./people.js";
import { Composer } from "./composer.js";

// patience is how long a pressed button turns at most, in milliseconds.
const patience = 15000;

export class Phone {
  constructor(page, side, person) {
    this.page = page;
    this.side = side;
    this.person = person;
    this.group = 0; // the group that is open; 0 is the private chat with the bot
    this.root = document.getElementById("phone").content.firstElementChild.cloneNode(true);
    this.root.dataset.side = side;
    const find = selector => this.root.querySelector(selector);
    this.owner = find(".owner");
    this.log = find(".messages");
    this.latest = find(".latest");
    this.pinned = find(".pinned");
    this.bubbleToast = find(".toast");
    this.state = find(".state");
    this.menu = find(".menu");
    this.places = find(".places");
    this.drawn = new Map(); // key of a block → its element and signature
    this.turning = [];
    this.stuck = true;
    this.composer = new Composer(this, page.offers);
    this.picker = new Picker(find(".people"), page.people, id => page.hand(this, id), () => this.owner.setAttribute("aria-expanded", "false"));
    this.wire();
    onLanguage(() => this.speak());
  }

  get address() { return this.group ? `${this.person}/${this.group}` : String(this.person); }

  get name() { return this.page.people.get(this.person).name; }

  wire() {
    this.owner.addEventListener("click", () => {
      if (this.picker.open) return this.picker.close();
      this.picker.show();
      this.owner.setAttribute("aria-expanded", "true");
    });
    this.log.addEventListener("scroll", () => {
      this.stuck = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
      this.latest.hidden = this.stuck;
      if (this.stuck) this.read();
    });
    this.latest.addEventListener("click", () => this.toEnd());
    this.pinned.addEventListener("click", () => this.jumpTo(Number(this.pinned.dataset.id)));
    this.menu.addEventListener("click", () => this.composer.toggle(this.menu, () => this.choices()));
    new ResizeObserver(() => this.settle()).observe(this.log);
    document.addEventListener("visibilitychange", () => this.read());
  }

  speak() {
    this.root.setAttribute("aria-label", say(this.side));
    this.log.setAttribute("aria-label", say("messages"));
    for (const [element, key] of [[this.latest, "latest"], [this.menu, "menu"], [this.pinned, "pinned"], [this.places, "places"]]) {
      element.title = say(key);
      element.setAttribute("aria-label", say(key));
    }
    this.drawn.clear();
    this.log.replaceChildren();
    if (this.chat) this.show(this.chat);
    this.showOwner();
  }

  // belongTo hands the phone to somebody.
  belongTo(person) {
    this.person = person;
    this.turnTo(0);
    this.showOwner();
  }

  // turnTo opens another chat of the same person.
  turnTo(group) {
    this.group = group;
    this.chat = null;
    this.drawn.clear();
    this.log.replaceChildren();
    this.firstUnread = 0;
    this.turning = [];
    this.composer.reset();
  }

  showOwner() {
    const p = this.page.people.get(this.person);
    paintFace(this.owner.querySelector(".face"), p.id, p.name);
    this.owner.querySelector(".name").textContent = p.name;
    this.owner.querySelector(".about").textContent = p.about || "";
    this.owner.setAttribute("aria-label", `${say(this.side)}: ${p.name} ${p.about || ""}. ${say("people")}`);
    const others = this.page.unreadElsewhere(this);
    const badge = this.owner.querySelector(".badge");
    badge.hidden = !others;
    badge.textContent = others;
    badge.title = say("waiting");
    if (this.picker.open && !this.picker.box.contains(document.activeElement)) this.picker.draw();
  }

  // show brings the chat to what the program says.
  show(chat) {
    const fresh = !this.chat;
    const before = this.chat?.messages.at(-1)?.id || 0;
    if (fresh && chat.unread) this.firstUnread = this.nthTheirs(chat.messages, chat.unread);
    this.chat = chat;
    this.root.querySelector(".title").textContent = chat.title;
    this.root.querySelector(".bar .face").classList.toggle("group", Boolean(chat.chat));
    this.showState();
    this.showPlaces(chat);
    this.showPinned(chat.pinned);
    this.composer.show(chat);
    this.drawBlocks(blocksOf(chat.messages, this.firstUnread), fresh);
    const last = chat.messages.at(-1);
    if (last && last.id > before && !last.mine) this.busy(false);
    if (fresh || this.stuck || (last?.mine && last.id > before)) this.toEnd();
    const badge = this.latest.querySelector(".badge");
    badge.hidden = !chat.unread;
    badge.textContent = chat.unread;
    this.read();
  }

  showState() {
    const chat = this.chat;
    if (chat.chat) this.state.textContent = say("members", chat.members);
    else this.state.textContent = say(chat.started ? chat.blocked ? "blocked" : "bot" : "not_started");
  }

  // showPlaces shows the chats that its owner can turn to, where there are several.
  showPlaces(chat) {
    const drawn = JSON.stringify([chat.places, chat.chat]);
    if (drawn === this.drawnPlaces) return;
    this.drawnPlaces = drawn;
    this.places.hidden = !chat.places;
    this.places.replaceChildren(...(chat.places || []).map(place => {
      const tab = make("button", place.title);
      tab.type = "button";
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-selected", String(place.id === chat.chat));
      tab.addEventListener("click", () => this.page.turn(this, place.id));
      return tab;
    }));
  }

  nthTheirs(messages, n) {
    const theirs = messages.filter(m => !m.mine);
    return theirs[Math.max(0, theirs.length - n)]?.id || 0;
  }

  showPinned(m) {
    this.pinned.hidden = !m;
    if (!m) return;
    const text = make("div");
    text.innerHTML = m.html;
    this.pinned.dataset.id = m.id;
    this.pinned.querySelector("span").textContent = text.textContent;
  }

  // drawBlocks changes only what differs: what was edited shines for a moment.
  drawBlocks(blocks, fresh) {
    const there = new Map();
    let place = this.log.firstElementChild;
    for (const block of blocks) {
      const signature = JSON.stringify(block);
      const old = this.drawn.get(block.key);
      let element = old?.element;
      if (!old || old.signature !== signature) {
        element = draw(block, this);
        if (old) {
          element.classList.add(this.looksTheSame(old.signature, block) ? "same" : "changed");
          old.element.replaceWith(element);
          if (place === old.element) place = element;
        } else if (!fresh) {
          element.classList.add("arrived");
        }
      }
      if (place === element) place = place.nextElementSibling;
      else this.log.insertBefore(element, place);
      there.set(block.key, { element, signature });
    }
    for (const [key, { element }] of this.drawn) if (!there.has(key)) element.remove();
    this.drawn = there;
  }

  // looksTheSame reports whether a message itself is as before: only its place differs, or the message that it quotes.
  looksTheSame(signature, block) {
    const itself = all => JSON.stringify(all, (key, value) => key === "quote" ? undefined : value);
    return itself(JSON.parse(signature).all) === itself(block.all);
  }

  settle() { if (this.stuck) this.toEnd(); }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.stuck = true;
    this.latest.hidden = true;
  }

  jumpTo(id) {
    const row = this.log.querySelector(`[data-id="${id}"]`);
    if (!row) return;
    this.stuck = false;
    row.scrollIntoView({ block: "center" });
    row.classList.remove("found");
    void row.offsetWidth; // starts the animation anew
    row.classList.add("found");
  }

  pick(row) {
    const on = row.classList.contains("picked");
    this.log.querySelectorAll(".picked").forEach(other => other.classList.remove("picked"));
    row.classList.toggle("picked", !on);
    if (row === this.log.lastElementChild) this.settle();
  }

  // read tells the program that what came was seen.
  read() {
    if (!this.chat?.unread || document.hidden || !this.stuck || !this.page.seen(this)) return;
    act("/read", { person: this.person, chat: this.group }).catch(() => {});
  }

  choices() {
    return [this.composer.item("", say(this.chat?.blocked ? "unblock" : "block"), () => this.act(this.chat.blocked ? "/unblock" : "/block", {}))];
  }

  async act(path, deed) {
    try {
      await act(path, { person: this.person, chat: this.group, ...deed });
      this.acted();
    } catch (failure) {
      this.toast(failure.message);
    }
  }

  send(text) { return this.act("/send", { text }); }

  acted() {
    this.firstUnread = 0;
    this.toEnd();
    this.busy(true);
  }

  // busy shows for a moment that the bot has something to answer.
  busy(on) {
    clearTimeout(this.calming);
    this.state.classList.toggle("typing", on);
    if (on) this.state.textContent = say("typing");
    else if (this.chat) this.showState();
    if (on) this.calming = setTimeout(() => this.busy(false), 2500);
  }

  press(m, row, column, key) {
    key.classList.add("turning");
    const turn = { key, end: setTimeout(() => key.classList.remove("turning"), patience) };
    this.turning.push(turn);
    act("/press", { person: this.person, chat: this.group, message: m.id, row, column }).catch(failure => {
      key.classList.remove("turning");
      this.toast(failure.message);
    });
  }

  answered(times) {
    for (const turn of this.turning.splice(0, times)) {
      clearTimeout(turn.end);
      turn.key.classList.remove("turning");
    }
  }

  toast(text) {
    clearTimeout(this.fading);
    this.bubbleToast.textContent = text;
    this.bubbleToast.classList.add("shown");
    this.fading = setTimeout(() => this.bubbleToast.classList.remove("shown"), 4500);
  }

  replyTo(m) { this.unpick(); this.composer.answer(m, false); }

  correct(m) { this.unpick(); this.composer.answer(m, true); }

  unpick() { this.log.querySelectorAll(".picked").forEach(row => row.classList.remove("picked")); }

  // openLink opens a start link: out of a group it leads its owner into the private chat, elsewhere it is meant for somebody else.
  openLink(link) {
    if (!this.group) return this.page.openOnOther(this, link);
    this.page.turn(this, 0);
    return this.act("/open", { text: link });
  }
}
