// A page that is opened from the disk may not read others, so that a search lists them without a piece of their text.
if (location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

// A formula that is wider than the screen can be reached and scrolled by keyboard.
function reach() {
  for (const formula of document.querySelectorAll("div.math, span.formula")) {
    if (formula.scrollWidth > formula.clientWidth) {
      formula.tabIndex = 0;
    } else {
      formula.removeAttribute("tabindex");
    }
  }
}

addEventListener("load", reach);
addEventListener("resize", reach);
document.addEventListener("toggle", reach, true);
