// The page: two phones, the guide, the language.

import { make } from "./make.js";
import { say, onLanguage, otherLanguage, useZone } from "./words.js";
import { act, listen } from "./wire.js";
import { People } from "./people.js";
import { Phone } from "./phone.js";

const find = selector => document.querySelector(selector);
const narrow = matchMedia("(max-width: 700px)");

class Page {
  constructor(setting) {
    this.offers = setting.offers;
    this.people = new People();
    this.phones = [];
    this.phones = ["left", "right"].map((side, i) => new Phone(this, side, setting.phones[i]));
    find("#phones").append(...this.phones.map(phone => phone.root));
    this.tabs = this.phones.map((phone, i) => this.tab(phone, i));
    find(".tabs").append(...this.tabs);
    this.front(0);
    this.listen();
    onLanguage(() => this.speak());
    narrow.addEventListener("change", () => this.phones.forEach(phone => { phone.settle(); phone.read(); }));
  }

  tab(phone, i) {
    const tab = make("button.tab", make("span.name"), make("span.badge"));
    tab.type = "button";
    tab.setAttribute("role", "tab");
    tab.addEventListener("click", () => this.front(i));
    return tab;
  }

  // front brings one phone to the front of a narrow screen.
  front(i) {
    this.shown = i;
    this.phones.forEach((phone, n) => phone.root.classList.toggle("front", n === i));
    this.tabs.forEach((tab, n) => tab.setAttribute("aria-selected", String(n === i)));
    closeGuideOnNarrow();
    this.phones[i].settle();
    this.phones[i].read();
  }

  // seen reports whether somebody can see a phone.
  seen(phone) { return !narrow.matches || this.phones[this.shown] === phone; }

  // hand gives a phone to somebody. Who has the other phone swaps with it.
  hand(phone, person) {
    const other = this.phones.find(p => p !== phone);
    if (other.person === person) other.belongTo(phone.person);
    phone.belongTo(person);
    this.listen();
    phone.log.focus({ preventScroll: true });
  }

  listen() {
    this.stop?.();
    this.stop = listen(this.phones.map(phone => phone.address), news => this.told(news), up => { find(".offline").hidden = up; });
  }

  told(news) {
    if (news.people) this.people.learn(news.people);
    for (const phone of this.phones) {
      const chat = news.chats?.[phone.person];
      if (chat && chat.chat === phone.group) phone.show(chat);
      if (news.answered?.[phone.person]) phone.answered(news.answered[phone.person]);
      if (news.people) phone.showOwner();
    }
    for (const toast of news.toasts || []) this.toast(toast);
    if (news.people) this.showTabs();
  }

  toast(toast) {
    if (!toast.alert) {
      this.phones.find(phone => phone.person === toast.person)?.toast(toast.text);
      return;
    }
    find("#alert-text").textContent = toast.text;
    if (!find("#alert").open) find("#alert").showModal();
  }

  unreadElsewhere(phone) {
    const mine = this.phones.map(p => p.person);
    let all = 0;
    for (const p of this.people.byID.values()) if (!mine.includes(p.id)) all += p.unread ? 1 : 0;
    return phone.side === "left" || narrow.matches ? 0 : all;
  }

  showTabs() {
    this.tabs.forEach((tab, i) => {
      const p = this.people.get(this.phones[i].person);
      tab.querySelector(".name").textContent = p.name;
      tab.querySelector(".badge").textContent = p.unread || "";
      tab.querySelector(".badge").hidden = !p.unread || i === this.shown;
    });
  }

  // turn opens one of the chats of a phone: a group, or 0 for the private one.
  turn(phone, group) {
    phone.turnTo(group);
    this.listen();
  }

  // openOnOther opens a start link on the other phone, as its owner.
  openOnOther(phone, link) {
    const other = this.phones.find(p => p !== phone);
    const question = find("#question");
    find("#question-text").textContent = say("open_as", other.name);
    question.returnValue = "";
    question.onclose = () => {
      if (question.returnValue !== "yes") return;
      act("/open", { person: other.person, text: link }).catch(failure => phone.toast(failure.message));
      if (narrow.matches) this.front(this.phones.indexOf(other));
    };
    question.showModal();
  }

  speak() {
    document.querySelectorAll("[data-say]").forEach(element => { element.textContent = say(element.dataset.say); });
    document.querySelectorAll("[data-label]").forEach(element => element.setAttribute("aria-label", say(element.dataset.label)));
    find("#language").textContent = say("other_language");
    document.title = `${say("brand")} · ${say("guide_title")}`;
    find("#steps").replaceChildren(...say("steps").map(([title, text]) => {
      const step = make("li", make("b", title), make("span"));
      step.querySelector("span").innerHTML = text;
      return step;
    }));
  }
}

const guideButton = find("#guide-toggle");

function showGuide(on) {
  document.body.classList.toggle("guided", on);
  guideButton.setAttribute("aria-expanded", String(on));
}

function closeGuideOnNarrow() { if (narrow.matches) showGuide(false); }

guideButton.addEventListener("click", () => showGuide(!document.body.classList.contains("guided")));
find("#language").addEventListener("click", otherLanguage);
showGuide(innerWidth > 1180);

const setting = await (await fetch("/setting")).json();
useZone(setting.zone);
new Page(setting);
