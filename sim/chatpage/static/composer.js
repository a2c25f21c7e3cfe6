// The lower part of a phone: what is written, attached, answered, and the keyboard of the bot.

import { make, icon, button } from "./make.js";
import { say, onLanguage } from "./words.js";
import { act, upload } from "./wire.js";

export class Composer {
  constructor(phone, offers) {
    this.phone = phone;
    this.offers = offers;
    const find = selector => phone.root.querySelector(selector);
    this.form = find(".composer");
    this.input = find("textarea");
    this.reply = find(".about-reply");
    this.waiting = find(".to-send");
    this.sheet = find(".sheet");
    this.keyboard = find(".keyboard");
    this.begin = find(".begin");
    this.buttons = { slash: find(".slash"), keys: find(".keys"), clip: find(".clip"), send: find(".send"), drop: find(".drop") };
    this.choosers = { files: find(".choose-files"), photos: find(".choose-photos") };
    this.subject = null; // the message that is answered or corrected
    this.correcting = false;
    this.files = [];
    this.photos = false;
    this.folded = false;
    this.wire();
    onLanguage(() => this.speak());
  }

  wire() {
    this.form.addEventListener("submit", event => { event.preventDefault(); this.send(); });
    this.input.addEventListener("input", () => this.fit());
    this.input.addEventListener("keydown", event => this.key(event));
    this.input.addEventListener("paste", event => {
      const files = [...event.clipboardData.files];
      if (files.length) this.attach(files, files.every(f => f.type.startsWith("image/")));
    });
    this.buttons.drop.addEventListener("click", () => this.dropSubject());
    this.buttons.clip.addEventListener("click", () => this.toggle(this.buttons.clip, () => this.attachments()));
    this.buttons.slash.addEventListener("click", () => this.toggle(this.buttons.slash, () => this.commands()));
    this.buttons.keys.addEventListener("click", () => { this.folded = !this.folded; this.drawKeyboard(); });
    this.begin.addEventListener("click", () => this.phone.act(this.blocked ? "/unblock" : "/send", { text: "/start" }));
    for (const [name, chooser] of Object.entries(this.choosers)) {
      chooser.addEventListener("change", () => { this.attach([...chooser.files], name === "photos"); chooser.value = ""; });
    }
    this.sheet.addEventListener("keydown", event => this.keyInSheet(event));
    this.phone.root.addEventListener("click", event => {
      if (!this.sheet.hidden && !event.target.closest(".sheet, .clip, .slash, .menu")) this.closeSheet();
    });
    this.phone.root.addEventListener("dragover", event => event.preventDefault());
    this.phone.root.addEventListener("drop", event => {
      event.preventDefault();
      this.attach([...event.dataTransfer.files], false);
    });
  }

  speak() {
    this.input.placeholder = this.placeholder || say("write");
    for (const [name, key] of [["slash", "commands"], ["keys", "keyboard"], ["clip", "attach"], ["send", "send"], ["drop", "drop"]]) {
      this.buttons[name].title = say(key);
      this.buttons[name].setAttribute("aria-label", say(key));
    }
    this.begin.textContent = say(this.blocked ? "unblock" : "begin");
  }

  // show follows what the chat says about this part of the phone.
  show(chat) {
    this.blocked = chat.blocked;
    this.known = chat.commands || [];
    this.layout = chat.keyboard;
    this.placeholder = chat.keyboard?.input_field_placeholder;
    const usable = chat.started && !chat.blocked;
    this.form.hidden = !usable;
    this.begin.hidden = usable;
    this.buttons.slash.hidden = !this.known.length;
    this.speak();
    this.input.setAttribute("aria-label", say("write_to", this.phone.name));
    this.drawKeyboard();
  }

  drawKeyboard() {
    const rows = this.form.hidden ? [] : this.layout?.keyboard || [];
    const drawn = JSON.stringify([rows, this.folded]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.buttons.keys.hidden = !rows.length;
    this.buttons.keys.setAttribute("aria-expanded", String(rows.length > 0 && !this.folded));
    this.keyboard.hidden = !rows.length || this.folded;
    this.keyboard.replaceChildren(...rows.map(row => make("div.row", ...row.map(b => this.tapKey(b.text)))));
    this.phone.settle();
  }

  tapKey(label) {
    const b = make("button", label);
    b.type = "button";
    b.addEventListener("click", () => this.phone.act("/tap", { text: label }));
    return b;
  }

  toggle(opener, fill) {
    const again = this.opener === opener && !this.sheet.hidden;
    this.closeSheet();
    if (again) return;
    this.sheet.replaceChildren(...fill());
    if (!this.sheet.childElementCount) return;
    this.sheet.hidden = false;
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    this.sheet.querySelector("button, a").focus();
  }

  closeSheet() {
    this.sheet.hidden = true;
    this.opener?.setAttribute("aria-expanded", "false");
    this.opener = null;
  }

  item(picture, label, chosen, note) {
    const b = make("button.item", picture ? icon(picture) : "", make("span", label), note ? make("small", note) : "");
    b.type = "button";
    b.setAttribute("role", "menuitem");
    b.addEventListener("click", () => { this.closeSheet(); chosen(); });
    return b;
  }

  attachments() {
    const items = [
      this.item("photo", say("send_photo"), () => this.choosers.photos.click()),
      this.item("file", say("send_file"), () => this.choosers.files.click()),
    ];
    for (const offer of this.offers) {
      items.push(this.item("sheet", say("send_offer", offer), () => this.phone.act("/give", { text: offer })));
      const save = make("a.item", icon("down"), make("span", say("save_offer", offer)));
      save.href = "/offer/" + encodeURIComponent(offer);
      save.setAttribute("role", "menuitem");
      save.addEventListener("click", () => this.closeSheet());
      items.push(save);
    }
    return items;
  }

  commands() {
    return this.known.map(c => this.item("", "/" + c.command, () => this.phone.send("/" + c.command), c.description));
  }

  keyInSheet(event) {
    const items = [...this.sheet.querySelectorAll(".item")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "ArrowDown") items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items[(at - 1 + items.length) % items.length].focus();
    else if (event.key === "Escape") { const opener = this.opener; this.closeSheet(); opener?.focus(); }
    else return;
    event.preventDefault();
  }

  answer(m, correcting) {
    this.subject = m;
    this.correcting = correcting;
    const text = make("div");
    text.innerHTML = m.html;
    this.reply.hidden = false;
    this.reply.querySelector("b").textContent = correcting ? say("correcting") : say("replying", m.sender);
    this.reply.querySelector(".what > span").textContent = text.textContent || m.file?.name || "";
    if (correcting) this.input.value = text.textContent;
    this.fit();
    this.input.focus();
    this.phone.settle();
  }

  dropSubject() {
    if (this.correcting) this.input.value = "";
    this.subject = null;
    this.correcting = false;
    this.reply.hidden = true;
    this.fit();
  }

  attach(files, photos) {
    if (!files.length) return;
    this.files = this.photos === photos ? [...this.files, ...files] : files;
    this.photos = photos;
    this.drawFiles();
    this.input.focus();
  }

  drawFiles() {
    this.waiting.hidden = !this.files.length;
    this.waiting.replaceChildren(...this.files.map((file, i) => make("span.chip", icon(this.photos ? "photo" : "file"), make("span", file.name),
      button("round", say("drop"), () => { this.files.splice(i, 1); this.drawFiles(); }, icon("close")))));
    this.fit();
    this.phone.settle();
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = Math.min(this.input.scrollHeight, 120) + "px";
    this.form.classList.toggle("ready", Boolean(this.input.value.trim() || this.files.length));
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape" && this.subject) {
      this.dropSubject();
    }
  }

  async send() {
    const text = this.input.value.trim();
    const deed = { person: this.phone.person, chat: this.phone.group, text, reply_to: this.subject && !this.correcting ? this.subject.id : 0, photos: this.photos };
    if (!text && !this.files.length) return;
    try {
      if (this.correcting) await act("/correct", { ...deed, message: this.subject.id });
      else if (this.files.length) await upload(deed, this.files);
      else await act("/send", deed);
    } catch (failure) {
      this.phone.toast(failure.message);
      return;
    }
    this.phone.acted();
    this.reset();
  }

  reset() {
    this.input.value = "";
    this.files = [];
    this.dropSubject();
    this.closeSheet();
    this.drawFiles();
  }
}
