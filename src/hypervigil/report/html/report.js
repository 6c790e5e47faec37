// What the page does beyond being read: filters, and shows each finding with the facts behind it.
// All text goes in as text nodes. Nothing is ever parsed as HTML here.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const PAGE = 50; // findings that an opened control shows at once
  const OPEN = new Set(["FAIL", "UNKNOWN", "REVIEW"]);
  const LABELS = ["Read from", "Command", "Document", "File", "SHA-256", "Collected"];
  const number = new Intl.NumberFormat("en");
  const byId = (id) => document.getElementById(id);
  const fields = ["outcome", "severity", "family", "place", "part", "text"].filter((name) => byId("f-" + name));
  const inputs = Object.fromEntries(fields.map((name) => [name, byId("f-" + name)]));

  const make = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...children);
    return element;
  };

  const isolated = (text, className) => make("bdi", className, text);

  const badge = (outcome) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", "#shape-" + outcome);
    svg.append(use);
    return make("span", "outcome is-" + outcome, svg, outcome.replace("_", " "));
  };

  // One record for each control: its data, its elements, and which of its findings the filter lets through.
  const controls = data.controls.map((control) => {
    const article = byId("c-" + control.id);
    return {
      control,
      article,
      body: article.querySelector(".body"),
      matched: article.querySelector(".matched"),
      words: (control.id + " " + control.title).toLowerCase(),
      shown: control.findings.map((_, place) => place),
      list: null,
      filled: null,
      near: false,
    };
  });
  const total = controls.reduce((sum, { control }) => sum + control.findings.length, 0);

  // Lower-case text of subjects and of what findings say, for the free text.
  const subjectWords = data.subjects.map((subject) => (subject[2] + " " + subject[3]).toLowerCase());
  const tellingWords = data.tellings.map(([reasons, missing]) =>
    [...reasons.map((reason) => reason[0]), ...missing].map((text) => data.texts[text]).join(" ").toLowerCase());

  const within = (place) => {
    if (place === "") return () => true;
    const [cluster, node] = place.split(".");
    if (node === undefined) return (subject) => subject[0] === Number(cluster);
    if (node === "-") return (subject) => subject[0] === Number(cluster) && subject[4].length === 0;
    return (subject) => subject[0] === Number(cluster) && subject[4].includes(Number(node));
  };

  const outcomeTest = (wanted) => {
    if (wanted === "") return () => true;
    if (wanted === "waived") return (finding) => finding[3] >= 0;
    if (wanted === "open") return (finding) => finding[3] < 0 && OPEN.has(data.outcomes[finding[1]]);
    const index = data.outcomes.indexOf(wanted);
    return (finding) => finding[1] === index;
  };

  const filter = () => {
    const words = inputs.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const inPlace = data.subjects.map(within(inputs.place.value));
    const inSubject = words.map((word) => subjectWords.map((text) => text.includes(word)));
    const inTelling = words.map((word) => tellingWords.map((text) => text.includes(word)));
    const outcome = outcomeTest(inputs.outcome.value);
    let findings = 0;
    let shownControls = 0;
    for (const entry of controls) {
      const { control } = entry;
      const asked = (inputs.severity.value === "" || control.severity === inputs.severity.value)
        && (inputs.family.value === "" || control.family === inputs.family.value)
        && (!inputs.part || inputs.part.value === "" || control.parts.includes(inputs.part.value));
      const left = [];
      words.forEach((word, place) => { if (!entry.words.includes(word)) left.push(place); });
      const shown = [];
      if (asked) {
        control.findings.forEach((finding, place) => {
          if (inPlace[finding[0]] && outcome(finding)
            && left.every((word) => inSubject[word][finding[0]] || inTelling[word][finding[2]])) shown.push(place);
        });
      }
      entry.shown = shown;
      findings += shown.length;
      if (shown.length > 0) shownControls += 1;
    }
    return { findings, shownControls };
  };

  const show = ({ findings, shownControls }) => {
    for (const entry of controls) {
      const { shown, control } = entry;
      entry.article.hidden = shown.length === 0;
      const partly = shown.length < control.findings.length && shown.length > 0;
      const text = partly ? `${number.format(shown.length)} of ${number.format(control.findings.length)} shown` : "";
      if (entry.matched.textContent !== text) entry.matched.textContent = text;
      if (entry.list && !entry.article.hidden) renew(entry);
    }
    byId("nothing").hidden = findings > 0;
    byId("shown").textContent = findings === total
      ? `Showing all ${number.format(total)} findings of ${number.format(controls.length)} controls.`
      : `Showing ${number.format(findings)} of ${number.format(total)} findings, `
        + `of ${number.format(shownControls)} of ${number.format(controls.length)} controls.`;
  };

  const apply = () => show(filter());

  // An opened control

  const fill = (entry) => {
    entry.filled = entry.shown;
    entry.list.replaceChildren();
    grow(entry);
  };

  // Someone may have opened every control. Lists out of sight wait empty until they are scrolled to.
  const renew = (entry) => {
    const { filled, shown } = entry;
    if (filled && filled.length === shown.length && filled.every((place, at) => place === shown[at])) return;
    if (entry.near) {
      fill(entry);
    } else if (filled) {
      entry.filled = null;
      entry.list.replaceChildren();
      entry.more.hidden = true;
    }
  };

  const watch = new IntersectionObserver((changes) => {
    for (const change of changes) {
      const entry = controls.find(({ body }) => body === change.target);
      entry.near = change.isIntersecting;
      if (entry.near && !entry.filled && !entry.article.hidden) fill(entry);
    }
  }, { rootMargin: "50%" });

  const grow = (entry) => {
    const from = entry.list.childElementCount;
    entry.list.append(...entry.shown.slice(from, from + PAGE).map((place) => row(entry.control, place)));
    const left = entry.shown.length - entry.list.childElementCount;
    entry.more.hidden = left <= 0;
    entry.more.textContent = `Show ${number.format(Math.min(PAGE, left))} more of ${number.format(left)}`;
    return from;
  };

  const open = (entry, wanted) => {
    entry.button.setAttribute("aria-expanded", String(wanted));
    entry.body.classList.toggle("open", wanted);
    if (!wanted || entry.list) return;
    const page = byId("p-" + entry.control.id);
    if (page) entry.body.append(page.content.cloneNode(true));
    entry.list = make("ul", "list");
    entry.more = make("button", "more");
    entry.more.type = "button";
    entry.more.addEventListener("click", () => {
      const from = grow(entry);
      entry.list.children[from].querySelector("button").focus();
    });
    const clusters = data.clusters.length;
    const heading = make("h4", "", clusters > 1 ? `Findings in ${clusters} clusters` : "Findings");
    entry.body.prepend(heading, entry.list, entry.more);
    entry.near = true;
    fill(entry);
    watch.observe(entry.body);
  };

  const row = (control, place) => {
    const [subject, outcome, telling, waiver] = control.findings[place];
    const [cluster, , name] = data.subjects[subject];
    const [reasons, missing] = data.tellings[telling];
    const decisive = reasons.find((reason) => reason[1] >= 0) ?? [missing[0] ?? reasons[0]?.[0]];
    const first = decisive[0];
    const mark = make("span", "", badge(data.outcomes[outcome]));
    if (waiver >= 0) mark.append(" ", make("span", "tag", "waived"));
    const who = make("span", "who", isolated(name));
    if (data.clusters.length > 1) who.append(" ", isolated(data.clusters[cluster].label, "quiet"));
    const button = make("button", "", mark, who, isolated(first === undefined ? "" : data.texts[first], "said"));
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    const item = make("li", "finding", button);
    let shown = null;
    button.addEventListener("click", () => {
      const expanded = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!expanded));
      if (!shown) item.append((shown = detail(control, place)));
      shown.hidden = expanded;
    });
    return item;
  };

  const detail = (control, place) => {
    const [subject, , telling, waiver] = control.findings[place];
    const [reasons, missing, facts, confidence] = data.tellings[telling];
    const [, scope, , key] = data.subjects[subject];
    const said = make("ul", "");
    for (const [text, outcome] of reasons) {
      const line = make("li", "", isolated(data.texts[text]));
      line.append(" ", outcome < 0 ? make("span", "tag", "remark") : badge(data.outcomes[outcome]));
      said.append(line);
    }
    for (const text of missing) said.append(make("li", "", isolated(data.texts[text])));
    const box = make("div", "detail", said);
    if (waiver >= 0) box.append(make("p", "", isolated(data.waivers[waiver])));
    box.append(make("p", "quiet", `Confidence: ${data.confidences[confidence]}. ${facts.length === 0
      ? "No fact stands behind this finding." : `It rests on ${number.format(facts.length)} ${facts.length === 1 ? "fact" : "facts"}:`}`));
    const few = facts.length <= 2;
    box.append(...facts.slice(0, PAGE).map((fact) => factOf(data.facts[fact], few)));
    if (facts.length > PAGE) box.append(make("p", "quiet", `And ${number.format(facts.length - PAGE)} more, listed in the JSON report.`));
    const print = control.prints.slice(place * 32, place * 32 + 32);
    box.append(make("p", "prints", `Fingerprint ${print}, ${scope} `, isolated(key)));
    return box;
  };

  const factOf = (fact, unfolded) => {
    const [name, about, ...origin] = fact.slice(0, 8).map((text) => data.texts[text]);
    const [title, values] = fact.slice(8);
    const summary = make("summary", "", `${title || name} of `, isolated(about));
    const box = make("details", "fact", summary);
    const build = () => {
      if (box.childElementCount > 1) return;
      const list = make("dl", "origin");
      list.append(pair("Fact", [name]));
      origin.forEach((text, place) => { if (text) list.append(pair(LABELS[place], [text])); });
      if (values >= 0) box.append(make("dl", "values", ...data.values[values].map(([field, lines]) => pair(field, lines))));
      else box.append(make("p", "quiet", "Its values are not in this report."));
      box.append(list);
    };
    box.addEventListener("toggle", build);
    if (unfolded) {
      build();
      box.open = true;
    }
    return box;
  };

  const pair = (term, lines) => make("div", "", make("dt", "", term), make("dd", "", ...lines.flatMap(
    (line, place) => (place === 0 ? [isolated(line)] : [document.createElement("br"), isolated(line)]))));

  // The filter in the address, so that cells of the matrix are plain links and a view can be passed on

  const address = () => fields.filter((name) => inputs[name].value !== "")
    .map((name) => `${name}=${encodeURIComponent(inputs[name].value)}`).join("&");

  const remember = () => {
    try {
      history.replaceState(null, "", "#" + address());
    } catch {
      // Some browsers refuse this for files; the filter works without.
    }
  };

  const follow = () => {
    const hash = location.hash.slice(1);
    if (hash.includes("=")) {
      const wanted = new URLSearchParams(hash);
      for (const name of fields) inputs[name].value = wanted.get(name) ?? "";
      // A value that the select does not have leaves nothing chosen: then there is no filter.
      for (const name of fields) if (inputs[name].selectedIndex === -1) inputs[name].value = "";
      apply();
      byId("findings-title").focus({ preventScroll: true });
      byId("findings").scrollIntoView();
      return;
    }
    const entry = controls.find(({ article }) => article.id === hash);
    if (!entry) return;
    if (entry.article.hidden) reset();
    open(entry, true);
    entry.article.scrollIntoView();
    entry.button.focus({ preventScroll: true });
  };

  const reset = () => {
    for (const name of fields) inputs[name].value = "";
    apply();
    remember();
  };

  for (const entry of controls) {
    const heading = entry.article.querySelector("h3");
    entry.button = make("button", "", ...heading.childNodes);
    entry.button.type = "button";
    entry.button.setAttribute("aria-expanded", "false");
    entry.button.addEventListener("click", () => open(entry, entry.button.getAttribute("aria-expanded") !== "true"));
    heading.append(entry.button);
  }
  for (const name of fields) {
    inputs[name].addEventListener("input", () => {
      apply();
      remember();
    });
  }
  byId("f-reset").addEventListener("click", reset);
  byId("nothing-reset").addEventListener("click", () => {
    reset();
    inputs.outcome.focus();
  });
  window.addEventListener("hashchange", follow);
  apply();
  if (location.hash) follow();
})();
