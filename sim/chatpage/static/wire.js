// What goes to the program and what comes from it.

import { say } from "./words.js";

async function post(path, body, headers) {
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body, headers });
  } catch {
    throw new Error(say("offline"));
  }
  if (!answer.ok) throw new Error(`${say("failed")}: ${(await answer.text()).trim()}`);
}

// act does something on a phone; deed names who, and what the path needs.
export function act(path, deed) {
  return post(path, JSON.stringify(deed), { "Content-Type": "application/json" });
}

// upload sends files beside a deed.
export function upload(deed, files) {
  const form = new FormData();
  form.append("deed", JSON.stringify(deed));
  for (const file of files) form.append("file", file, file.name);
  return post("/upload", form);
}

// listen streams what changes on the phones to a function. Each is named by its person, or by PERSON/GROUP. It goes on until the returned function is called. The state says whether the stream is up.
export function listen(phones, told, state) {
  const source = new EventSource("/events?" + phones.map(phone => `phone=${phone}`).join("&"));
  source.onopen = () => state(true);
  source.onerror = () => state(false);
  source.onmessage = event => told(JSON.parse(event.data));
  return () => source.close();
}
