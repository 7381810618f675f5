// Small helps for forms: the browser's own date picker writes into the field people also type in, and links of the list of
// faults bring to their field. A page that comes with faults begins at them.
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    const pick = event.target.closest("[data-pick]");
    if (pick) {
      const native = document.getElementById(pick.dataset.pick);
      if (native && native.showPicker) {
        native.showPicker();
      }
      return;
    }
    const link = event.target.closest(".form-alert a[href^='#']");
    if (link) {
      event.preventDefault();
      goTo(document.getElementById(link.getAttribute("href").slice(1)));
    }
  });

  document.addEventListener("change", function (event) {
    const id = event.target.dataset && event.target.dataset.fills;
    const field = id && document.getElementById(id);
    if (field) {
      field.value = event.target.value.replace("T", " ");
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.focus();
    }
  });

  const first = document.querySelector("[data-focus]");
  if (first) {
    first.focus();
  }

  // goTo brings the keyboard to a field, or to the first choice of a group, opening what it is folded into.
  function goTo(field) {
    if (!field) {
      return;
    }
    const folded = field.closest("details");
    if (folded) {
      folded.open = true;
    }
    const box = field.closest(".field") || field;
    box.scrollIntoView({ block: "start" });
    (field.matches("fieldset") ? field.querySelector("input") || field : field).focus({ preventScroll: true });
  }
})();
