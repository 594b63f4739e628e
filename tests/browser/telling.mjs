// What a page owes its reader beside its words: the figures of its pictures told elsewhere, each of its tables as files,
// and nothing that was typed taken for markup.

/** Breaks out of an attribute, of a field and of an element, and would show. */
const HOSTILE = `"><img src=x onerror="document.title='pwned'"></textarea></title><h1>pwned</h1>`;

/** What every answer carries, whatever it answers. */
const POLICY = ["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"];

/** Whether an answer lacks what protects its reader. */
export function isBare(headers) {
  const policy = headers["content-security-policy"] ?? "";
  return (
    policy.includes("unsafe") ||
    POLICY.some((part) => !policy.includes(part)) ||
    headers["x-content-type-options"] !== "nosniff" ||
    headers["referrer-policy"] !== "same-origin"
  );
}

/** A picture has a title and a description, and no figure of it is told in the picture alone. */
export const pictures = (page) =>
  page.evaluate(() => {
    const wrong = [];
    const figures = (text) => [...text.matchAll(/\d+(?:\u202f\d{3})*(?:,\d+)?/g)].map(([one]) => one.replaceAll("\u202f", ""));
    const value = (figure) => Number(figure.replace(",", "."));
    const main = document.querySelector("main") ?? document.body;
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT, (node) =>
      node.parentElement.closest("svg, script, style") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    const told = new Set();
    while (walker.nextNode()) for (const figure of figures(walker.currentNode.data)) told.add(value(figure));
    for (const picture of main.querySelectorAll("svg")) {
      if (picture.getAttribute("aria-hidden") === "true") continue;
      const [title, description] = ["title", "desc"].map((name) => picture.querySelector(`:scope > ${name}`));
      const name = title?.textContent.trim();
      const named = (picture.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
      if (!name || !description?.textContent.trim()) wrong.push(`a picture without a title or a description: ${name}`);
      else if (named[0] !== title || named[1] !== description) wrong.push(`« ${name} » is named by another picture`);
      for (const figure of new Set(figures(description?.textContent ?? ""))) {
        // A picture may round what the page tells to the last decimal.
        const half = 0.5 * 10 ** -(figure.split(",")[1] ?? "").length;
        const near = (one) => Math.abs(one - value(figure)) <= half + 1e-9;
        if (!told.has(value(figure)) && ![...told].some(near)) wrong.push(`« ${name} »: ${figure} is told in the picture alone`);
      }
    }
    return wrong;
  });

/**
 * Each table that is read can be taken away from where it stands, as a CSV and as an XLSX that open in a French spreadsheet. What
 * was fetched once (`known`) is not fetched again.
 */
export async function files(page, known) {
  const { wrong, fetched } = await page.evaluate(async (known) => {
    const [wrong, fetched] = [[], []];
    const MARKS = { csv: "239,187,191", xlsx: "80,75,3" };
    const spaced = (text) => text.replaceAll(/[\u00a0\u202f]/g, " ").trim();
    const rows = (text) => {
      const rows = [[""]];
      let isQuoted = false;
      for (const sign of text.replaceAll('""', "\u0000").replaceAll("\r\n", "\n")) {
        if (sign === '"') isQuoted = !isQuoted;
        else if (sign === ";" && !isQuoted) rows.at(-1).push("");
        else if (sign === "\n" && !isQuoted) rows.push([""]);
        else rows.at(-1)[rows.at(-1).length - 1] += sign;
      }
      return rows.filter((row) => row.join("") !== "");
    };
    const heads = [...document.querySelectorAll("main h2")];
    for (const table of document.querySelectorAll("main .fr-table")) {
      // That of a file one just brought is one's own.
      if (!table.querySelector("tbody tr") || ["/indicateurs/envoi", "/indicateurs/confirmation"].includes(location.pathname)) continue;
      const caption = table.querySelector("caption")?.textContent ?? "";
      const before = heads.filter((head) => head.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING);
      const around = [table, before.at(-1)?.closest(".cpom-section__head")];
      for (const [format, mark] of Object.entries(MARKS)) {
        const link = around.map((place) => place?.querySelector(`a[href*="format=${format}"]`)).find(Boolean);
        if (!link) {
          wrong.push(`« ${caption} » cannot be had as ${format}`);
          continue;
        }
        const address = new URL(link.href);
        const place = address.pathname.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{9}/g, "*");
        const key = `${place} ${address.searchParams.get("tableau") ?? ""} ${format}`;
        if (known.includes(key) || fetched.includes(key)) continue;
        fetched.push(key);
        const answer = await fetch(address);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        if (answer.status !== 200 || bytes.slice(0, 3).join() !== mark) {
          wrong.push(`« ${caption} » is no ${format}: ${answer.status} ${address}`);
          continue;
        }
        if (format !== "csv") continue;
        const [titles, ...lines] = rows(new TextDecoder().decode(bytes));
        if (titles.length < 2 || lines.length < 1) wrong.push(`« ${caption} » has no columns or no rows as a CSV`);
        const numbers = [...table.querySelectorAll("thead th.fr-cell--right")].map((head) => spaced(head.textContent));
        const places = titles.flatMap((title, place) => (numbers.includes(spaced(title)) ? [place] : []));
        const foreign = lines.flatMap((line) => places.map((place) => line[place] ?? "")).find((cell) => /\d\.\d/.test(cell));
        if (foreign) wrong.push(`« ${caption} » writes ${foreign} as a CSV`);
      }
    }
    return { wrong, fetched };
  }, known);
  known.push(...fetched);
  return wrong;
}

/** Every form of the page that takes a text, sent with markup in each of its texts: the answer makes no element of it. */
export async function hostile(page, known) {
  const { wrong, sent } = await page.evaluate(
    async ([text, known]) => {
      const [wrong, sent] = [[], []];
      for (const form of document.querySelectorAll("main form")) {
        const texts = [...form.elements].filter((one) => one.name && one.matches("input:not([type]), input[type=text], input[type=search], textarea"));
        const method = (form.getAttribute("method") ?? "get").toLowerCase();
        const path = (form.getAttribute("action") ?? location.pathname).split(/[?#]/)[0];
        const key = `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{9}/g, "*")}`;
        if (texts.length === 0 || known.includes(key) || sent.includes(key)) continue;
        sent.push(key);
        const fields = new FormData(form);
        for (const one of texts) fields.set(one.name, one.maxLength > 0 ? text.slice(0, one.maxLength) : text);
        const typed = new URLSearchParams([...fields].filter(([, value]) => typeof value === "string"));
        const body = form.enctype === "multipart/form-data" ? fields : typed;
        const asked = method === "get" ? fetch(`${path}?${typed}`) : fetch(path, { method: "POST", body });
        // One that leads to the identity provider cannot be followed from here.
        const answer = await asked.catch(() => null);
        if (!answer) continue;
        const shown = await answer.text();
        if (answer.status >= 500) wrong.push(`${key}: ${answer.status}`);
        if (!(answer.headers.get("content-type") ?? "").startsWith("text/html")) continue;
        const made = new DOMParser().parseFromString(shown, "text/html");
        const titles = [...made.querySelectorAll("h1")].map((title) => title.textContent.trim());
        if (made.querySelector("img, [onerror]") || titles.length !== 1 || titles[0] === "pwned") wrong.push(`${key}: what was typed became markup`);
      }
      return { wrong, sent };
    },
    [HOSTILE, known],
  );
  known.push(...sent);
  return wrong;
}
