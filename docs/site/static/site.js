// What is wider than its box can be scrolled by keyboard too.
function reach() {
  for (const box of document.querySelectorAll("article pre, .cell_output, .table-wrapper, article math, table.sapa")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}
addEventListener("load", reach);
addEventListener("resize", reach);
