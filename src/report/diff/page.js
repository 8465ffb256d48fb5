"use strict";
const form = document.querySelector("form");
const query = form.elements.query;
const fixture = form.elements.fixture;
const kinds = [...form.querySelectorAll("input[name=kind]")];
const groups = [...document.querySelectorAll("details")];

// Shows the changes that fit all filters, and the causes that have any.
function apply() {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = new Set(kinds.filter((box) => box.checked).map((box) => box.value));
  let shown = 0;
  for (const group of groups) {
    const cause = group.dataset.text;
    let some = false;
    for (const row of group.querySelectorAll("li")) {
      const text = row.dataset.text;
      const fits =
        wanted.has(row.dataset.kind) &&
        (!fixture || !fixture.value || row.dataset.fixtures.split(" ").includes(fixture.value)) &&
        words.every((word) => text.includes(word) || cause.includes(word));
      row.hidden = !fits;
      if (fits) {
        some = true;
        shown += 1;
      }
    }
    for (const title of group.querySelectorAll("h2")) {
      title.hidden = ![...title.nextElementSibling.children].some((row) => !row.hidden);
    }
    group.hidden = !some;
    // What is searched for is to be seen.
    if (some && words.length > 0) group.open = true;
  }
  document.getElementById("none").hidden = shown > 0 || groups.length === 0;
  document.getElementById("shown").textContent = String(shown);
}

form.addEventListener("input", apply);
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("open").addEventListener("click", () => {
  const all = groups.every((group) => group.open);
  for (const group of groups) group.open = !all;
});
apply();
