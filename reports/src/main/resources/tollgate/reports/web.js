"use strict";
// A click on the heading of a column sorts its table: numbers by size, all else by name, what cannot be told last.
for (const table of document.querySelectorAll("table")) {
  const head = table.tHead, body = table.tBodies[0];
  if (!head || !body || body.rows.length < 2) continue;
  const rank = (row, column) => {
    const text = row.cells[column].innerText.trim().replace(/[\u00a0\u202f](?=\d)/g, "");
    const number = parseFloat(text.replace(/^[(<>\s]+/, ""));
    return { text, number };
  };
  [...head.rows[0].cells].forEach((cell, column) => {
    const button = document.createElement("button");
    button.append(...cell.childNodes);
    cell.append(button);
    cell.classList.add("sorts");
    button.addEventListener("click", () => {
      const down = cell.getAttribute("aria-sort") === "ascending";
      for (const other of head.rows[0].cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = (x, y) => {
        const a = rank(x, column), b = rank(y, column);
        const named = cell.classList.contains("name") || (isNaN(a.number) && isNaN(b.number));
        if (named) return (down ? -1 : 1) * a.text.localeCompare(b.text, "en");
        if (isNaN(a.number) || isNaN(b.number)) return isNaN(a.number) - isNaN(b.number);
        return (down ? -1 : 1) * (a.number - b.number);
      };
      body.append(...[...body.rows].sort(order));
    });
  });
}
