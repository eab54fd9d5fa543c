"use strict";
// Sorting and filtering of tables that are complete without it. Data stays in the page's own cells.
const number = new Intl.Collator(undefined, { numeric: true });
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  const value = (row, column) => row.cells[column].dataset.value ?? row.cells[column].textContent.trim();
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
      const rows = [...body.rows];
      const keys = new Map(rows.map((row) => [row, value(row, column)]));
      rows.sort((a, b) => direction * number.compare(keys.get(a), keys.get(b)));
      const signed = rows.every((row) => keys.get(row) === "" || !Number.isNaN(Number(keys.get(row))));
      if (signed) rows.sort((a, b) => direction * ((keys.get(a) === "" ? -1e9 : Number(keys.get(a))) - (keys.get(b) === "" ? -1e9 : Number(keys.get(b)))));
      body.append(...rows);
    });
  });
}
for (const filter of document.querySelectorAll(".filter")) {
  const rows = [...document.getElementById(filter.dataset.table).tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const input = filter.querySelector("input");
  const count = filter.querySelector("output");
  const apply = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => texts[place].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    count.textContent = words.length ? `${shown} of ${rows.length}` : "";
  };
  filter.hidden = false;
  input.addEventListener("input", apply);
  apply();
}
