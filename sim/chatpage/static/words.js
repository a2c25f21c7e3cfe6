// The words of the page itself, in the two languages. What the bot says is its own.

const words = {
  zh: {
    brand: "督办", brand_note: "演示：本机模拟的 Telegram，不联网",
    offline: "与演示程序的连接已断开，正在重连…", other_language: "English", tabs: "选择手机", guide: "操作指引", guide_button: "指引",
    ok: "知道了", yes: "确定", cancel: "取消",
    left: "左手机", right: "右手机", left_short: "左", right_short: "右",
    people: "换一个人", search: "按姓名、单位、职务查找", nobody: "没有符合的人", unread: n => `${n} 条未读`, blocked: "已停用机器人", waiting: "有未读消息的人", everyone: "全部人员",
    bot: "机器人", members: n => `${n} 人的群`, places: "选择会话", typing: "正在处理…", not_started: "尚未使用", menu: "更多", block: "停用机器人（试试失联）", unblock: "重新启用", clear: "回到最新消息",
    pinned: "置顶消息", latest: "到最新消息", write: "输入消息", write_to: n => `${n} 的消息输入框`, send: "发送", attach: "附件", commands: "命令", keyboard: "按钮面板",
    reply: "回复", correct: "编辑", remove: "删除", drop: "取消", replying: n => `回复 ${n}`, correcting: "编辑消息", edited: "已编辑", forwarded: n => `转发自 ${n}`,
    begin: "开始", new_messages: "以下为未读消息", today: "今天", yesterday: "昨天", photo: "照片", file: "文件", send_photo: "发送照片", send_file: "发送文件",
    send_offer: n => `发送《${n}》`, save_offer: n => `下载《${n}》`, files: n => `${n} 个文件`, open_as: n => `这是一次性的加入链接。在另一部手机上，由“${n}”打开？`,
    copied: "已复制", contact: "联系人", service_pinned: "置顶了一条消息", jump: "跳到被回复的消息", failed: "未能完成", messages: "聊天记录",
    guide_title: "试一试", guide_intro: "左边是行业党委办公室的管理员，右边是一所学校的党建专干。两部手机都可以换成名册里的任何人。",
    steps: [
      ["签收", "在右手机上找到“未签收”的卡片，按 <kbd>签收</kbd>，或点消息后选“回复”，写“收到”。卡片就地更新，不另发消息。"],
      ["上报完成", "点一张已签收的卡片，选 <kbd>回复</kbd>，用回形针附上任意一个文件发出：佐证齐了即已上报。一次选多个文件，算一次上报。"],
      ["审核", "左手机随即收到待审卡片和文件：按 <kbd>通过</kbd>，或按 <kbd>退回</kbd> 选一条理由。两边的卡片都会变。"],
      ["交办", "左手机的回形针里有《演示任务清单》：发给机器人，再按 <kbd>导入</kbd>。时限在两分钟之内，什么也不做，就能依次看到签收提醒、到期提醒和发给专干与党委书记的催办单。"],
      ["公告", "左手机按 <kbd>发公告</kbd>，写一句话，选范围和回执，看过预览后按 <kbd>确认发送</kbd>。右手机按 <kbd>已阅</kbd>，左手机看到统计，可以催未签收。"],
      ["工作群", "发公告时再点 <kbd>同时发到工作群</kbd>。手机上方可以切换到工作群：群里只显示签收数和一行当日情况，不出现姓名，按钮把人带回与机器人的私聊。"],
      ["一览", "左手机按 <kbd>进度</kbd> 看各单位亮灯，<kbd>审核</kbd> 逐件处理，<kbd>人员</kbd> 看谁已加入、谁失联；右手机按 <kbd>待办</kbd> 看自己的清单。"],
      ["加入", "在 <kbd>人员</kbd> 里取一位未加入者的邀请链接，右手机换成这个人，再点左手机里的链接。"],
      ["按得晚了、按了两次", "同一个按钮按两次，或在卡片变了以后再按旧的：只算一次，并告诉您何时已办。十分钟内可以 <kbd>撤回</kbd>。"],
    ],
    guide_end: "数据都在临时目录里，停下程序即消失。样例中的单位和人员均为虚构；样例事项不会自行提醒，运行中交办的会。",
  },
  en: {
    brand: "Duban", brand_note: "Demo: a Telegram simulated on this machine, no network",
    offline: "The demo cannot be reached, trying again…", other_language: "中文", tabs: "Choose a phone", guide: "Guide", guide_button: "Guide",
    ok: "OK", yes: "Yes", cancel: "Cancel",
    left: "left phone", right: "right phone", left_short: "L", right_short: "R",
    people: "Change the person", search: "Find by name, unit or post", nobody: "Nobody found", unread: n => `${n} unread`, blocked: "has blocked the bot", waiting: "People with unread messages", everyone: "Everybody",
    bot: "bot", members: n => `group of ${n}`, places: "Choose a chat", typing: "at work…", not_started: "not started", menu: "More", block: "Block the bot (be out of reach)", unblock: "Unblock", clear: "To the latest message",
    pinned: "Pinned message", latest: "To the latest message", write: "Message", write_to: n => `Message of ${n}`, send: "Send", attach: "Attach", commands: "Commands", keyboard: "Buttons",
    reply: "Reply", correct: "Edit", remove: "Delete", drop: "Cancel", replying: n => `Reply to ${n}`, correcting: "Edit message", edited: "edited", forwarded: n => `Forwarded from ${n}`,
    begin: "Start", new_messages: "Unread messages", today: "Today", yesterday: "Yesterday", photo: "Photo", file: "File", send_photo: "Send photos", send_file: "Send files",
    send_offer: n => `Send “${n}”`, save_offer: n => `Download “${n}”`, files: n => `${n} files`, open_as: n => `This is a one-time link for joining. Open it on the other phone, as “${n}”?`,
    copied: "Copied", contact: "Contact", service_pinned: "pinned a message", jump: "Jump to the message that was answered", failed: "That did not work", messages: "Chat",
    guide_title: "Try it", guide_intro: "On the left an administrator of the committee office, on the right the Party affairs officer of a school. Either phone can be handed to anybody of the roster. The bot speaks English to whoever chooses it in /settings.",
    steps: [
      ["Sign", "On the right phone find the card that says 未签收 (not signed) and press <kbd>签收</kbd>, or click the message, choose Reply and write 收到. The card changes in place."],
      ["Hand in", "Click a signed card, choose <kbd>Reply</kbd>, attach any file with the paper clip and send: with its evidence there, the task is reported. Several files at once are one report."],
      ["Review", "The left phone gets the review card with the file at once: press <kbd>通过</kbd> (pass), or <kbd>退回</kbd> (return) and choose a reason. The cards on both sides change."],
      ["Issue", "In the paper clip of the left phone is 《演示任务清单》, a task list: send it to the bot and press <kbd>导入</kbd> (import). It is due within two minutes; do nothing and see the nudge to sign, the reminder, and the notice to officer and secretary."],
      ["Announce", "Press <kbd>发公告</kbd> on the left phone, write a sentence, choose audience and receipt, look at the preview, press <kbd>确认发送</kbd>. Press <kbd>已阅</kbd> (read) on the right, see the count on the left, urge those who have not."],
      ["Work group", "When announcing, also press <kbd>同时发到工作群</kbd> (also to work groups). At the top of the phone turn to the group: it shows counts and one line of the day, no names, and a button that leads back into the private chat."],
      ["Overview", "On the left <kbd>进度</kbd> shows the lights of all units, <kbd>审核</kbd> goes through what waits, <kbd>人员</kbd> shows who has joined and who is out of reach; on the right <kbd>待办</kbd> is the officer's own list."],
      ["Join", "In <kbd>人员</kbd> take the invitation of somebody who has not joined, hand the right phone to that person, and click the link on the left phone."],
      ["Late and double presses", "Press a button twice, or an old one after the card has changed: it counts once, and you are told when it was done. Within ten minutes it can be withdrawn with <kbd>撤回</kbd>."],
    ],
    guide_end: "All data is in a temporary folder and gone when the program stops. Units and people are invented. The sample tasks send no reminders by themselves; those issued while it runs do.",
  },
};

let language = localStorage.getItem("language") || "zh";
const listeners = [];

export function say(key, ...args) {
  const word = words[language][key];
  return typeof word === "function" ? word(...args) : word;
}

// zone is where the organisation keeps its time; the page shows the times that the bot writes.
let zone;

export function useZone(name) { zone = name; }

export function clock(at) { return at.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: zone }); }

export function dayOf(at) { return at.toLocaleDateString(locale(), { year: "numeric", month: "long", day: "numeric", timeZone: zone }); }

function locale() { return language === "en" ? "en-GB" : "zh-CN"; }

export function onLanguage(listener) { listeners.push(listener); listener(); }

export function otherLanguage() {
  language = language === "en" ? "zh" : "en";
  localStorage.setItem("language", language);
  document.documentElement.lang = locale();
  listeners.forEach(listener => listener());
}

document.documentElement.lang = locale();
