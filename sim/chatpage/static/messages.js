// How messages look. A block is what stands by itself in a chat: a day, the mark of unread messages, a message, or an album.

import { make, icon, button } from "./make.js";
import { say, clock, dayOf } from "./words.js";

const day = date => dayOf(new Date(date * 1000));

// blocksOf arranges a chat. The unread mark stands before the message with the id firstUnread, 0 for none.
export function blocksOf(messages, firstUnread) {
  const blocks = [];
  let before = null;
  for (const m of messages) {
    if (!before || day(before.date) !== day(m.date)) blocks.push({ key: "day " + day(m.date), kind: "day", date: m.date });
    if (m.id === firstUnread) blocks.push({ key: "unread", kind: "unread" });
    const last = blocks.at(-1);
    if (m.album && last.kind === "message" && last.all[0].album === m.album) {
      last.all.push(m);
    } else {
      const follows = before && last.kind === "message" && before.mine === m.mine && before.sender === m.sender && !before.service && m.date - before.date < 300;
      blocks.push({ key: "message " + m.id, kind: "message", all: [m], follows: Boolean(follows) });
    }
    before = m;
  }
  return blocks;
}

// draw makes the element of a block; phone is where it stands.
export function draw(block, phone) {
  if (block.kind === "day") return make("div.day", make("span", dayName(block.date)));
  if (block.kind === "unread") return make("div.unread-mark", make("span", say("new_messages")));
  return drawMessage(block, phone);
}

function dayName(date) {
  const name = day(date), now = Date.now() / 1000;
  if (name === day(now)) return say("today");
  if (name === day(now - 86400)) return say("yesterday");
  return name;
}

function drawMessage(block, phone) {
  const m = block.all[0];
  if (m.service) return make("div.service", make("span", `${m.sender} ${say("service_" + m.service) || ""}`));
  const bubble = make("div.bubble");
  if (phone.group && !m.mine && !block.follows) bubble.append(make("b.sender", m.sender));
  if (m.forwarded) bubble.append(make("div.forwarded", say("forwarded", m.forwarded)));
  if (m.quote) bubble.append(quote(m.quote, phone));
  const photos = block.all.filter(p => p.file?.photo);
  if (photos.length) bubble.append(gallery(photos));
  for (const one of block.all) {
    if (one.file && !one.file.photo) bubble.append(attachment(one.file));
    if (one.contact) bubble.append(make("div.contact", make("span.face", "☎"), make("span", make("b", [one.contact.last_name, one.contact.first_name].filter(Boolean).join("")), make("small", "+" + one.contact.phone_number))));
    if (one.html) bubble.append(body(one, phone));
  }
  bubble.append(stamp(block.all.at(-1)));
  const row = make(`div.message.${m.mine ? "mine" : "theirs"}`, make("div.column", bubble));
  if (block.follows) row.classList.add("follows");
  row.dataset.id = m.id;
  row.querySelector(".column").append(tools(m, phone));
  if (m.buttons) row.querySelector(".column").append(keyboard(m, phone));
  bubble.addEventListener("click", event => {
    if (event.target.closest("a, button, img") || !getSelection().isCollapsed) return;
    phone.pick(row);
  });
  bubble.addEventListener("dblclick", () => phone.replyTo(m));
  return row;
}

function quote(q, phone) {
  const b = make("button.quote", make("b", q.sender), make("span", q.text));
  b.type = "button";
  b.title = say("jump");
  b.addEventListener("click", () => phone.jumpTo(q.id));
  return b;
}

function gallery(photos) {
  const box = make("div.gallery");
  box.dataset.count = Math.min(photos.length, 4);
  for (const p of photos) {
    const picture = make("img");
    picture.src = "/file/" + p.file.id;
    picture.alt = say("photo");
    picture.loading = "lazy";
    const link = make("a", picture);
    link.href = picture.src;
    link.target = "_blank";
    box.append(link);
  }
  return box;
}

function attachment(file) {
  const link = make("a.file", make("span.face", icon("file")), make("span", make("b", file.name), make("small", size(file.size))));
  link.href = "/file/" + file.id;
  link.download = file.name;
  return link;
}

function size(bytes) {
  if (bytes < 1000) return bytes + " B";
  if (bytes < 1e6) return (bytes / 1e3).toFixed(1) + " KB";
  return (bytes / 1e6).toFixed(1) + " MB";
}

// body is the text. It comes as HTML that the program has escaped, with Telegram's few tags only.
function body(m, phone) {
  const text = make("div.text");
  text.innerHTML = m.html;
  text.addEventListener("click", event => {
    const link = event.target.closest("a");
    if (!link) {
      event.target.closest(".spoiler")?.classList.add("shown");
      return;
    }
    if (link.classList.contains("command")) {
      event.preventDefault();
      phone.send(link.textContent);
    } else if (isStart(link.href)) {
      event.preventDefault();
      phone.openLink(link.href);
    }
  });
  return text;
}

const isStart = href => /^https?:\/\/t\.me\/\w+\?start=/.test(href);

function stamp(m) {
  const at = new Date(m.date * 1000);
  const time = make("time", clock(at));
  time.dateTime = at.toISOString();
  return make("div.stamp", m.reaction ? make("span.reaction", m.reaction) : "", m.edited ? make("span", say("edited")) : "", time);
}

function tools(m, phone) {
  const box = make("div.tools", button("tool", say("reply"), () => phone.replyTo(m), icon("reply"), make("span", say("reply"))));
  if (m.mine) {
    box.append(button("tool", say("correct"), () => phone.correct(m), icon("edit"), make("span", say("correct"))));
    box.append(button("tool", say("remove"), () => phone.act("/remove", { message: m.id }), icon("close"), make("span", say("remove"))));
  }
  return box;
}

// keyboard is the buttons under a message.
function keyboard(m, phone) {
  const box = make("div.inline");
  m.buttons.forEach((row, y) => {
    const line = make("div.row");
    (row || []).forEach((b, x) => {
      const key = make("button", b.label, b.url || b.copy ? icon("link") : "");
      key.type = "button";
      key.dataset.style = b.style || "";
      key.addEventListener("click", () => press(b, m, y, x, key, phone));
      line.append(key);
    });
    box.append(line);
  });
  return box;
}

function press(b, m, row, column, key, phone) {
  if (b.copy) {
    navigator.clipboard?.writeText(b.copy).then(() => phone.toast(say("copied")));
    return;
  }
  if (b.url && !isStart(b.url)) {
    open(b.url, "_blank", "noopener,noreferrer");
    return;
  }
  if (b.url) {
    phone.openLink(b.url);
    return;
  }
  phone.press(m, row, column, key);
}
