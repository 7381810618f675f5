// Typing help: as soon as a slash is typed, the commands that fit are listed above the line. Arrows move, Tab or Enter takes,
// Escape closes: the ARIA combobox pattern.
(function () {
  "use strict";

  const field = document.getElementById("text");
  const list = document.getElementById("verbs");
  if (!field || !list) {
    return;
  }
  const options = Array.from(list.children);
  let active = null;

  // Spellings without dots, rings and hyphens are as good as those with them.
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[-\s]+/g, " ");

  function fits(option, typed) {
    const usage = fold(option.dataset.usage);
    const bare = typed.replace(/^\/(luotsi )?/, "");
    return usage.startsWith(typed) || (bare.length > 1 && fold(option.textContent).includes(bare));
  }

  function choose(option) {
    if (active) {
      active.setAttribute("aria-selected", "false");
    }
    active = option;
    if (!option) {
      field.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", option.id);
  }

  function show(open) {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) {
      choose(null);
    }
  }

  function refresh() {
    const typed = fold(field.value).trimStart();
    let some = false;
    for (const option of options) {
      const fit = typed.startsWith("/") && fits(option, typed) && fold(option.dataset.usage) !== typed.trim();
      option.hidden = !fit;
      some = some || fit;
    }
    choose(null);
    show(some);
  }

  function take(option) {
    field.value = option.dataset.usage;
    show(false);
    field.focus();
  }

  function move(step) {
    const open = options.filter((o) => !o.hidden);
    const at = open.indexOf(active);
    choose(open[(at + step + open.length + (at < 0 && step < 0 ? 1 : 0)) % open.length]);
  }

  field.addEventListener("input", refresh);
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", function (event) {
    if (list.hidden) {
      if (event.key === "ArrowDown" && field.value.startsWith("/")) {
        refresh();
        event.preventDefault();
      }
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      move(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Escape") {
      show(false);
      event.preventDefault();
    } else if (event.key === "Enter" && active) {
      take(active);
      event.preventDefault();
    } else if (event.key === "Tab" && !event.shiftKey) {
      take(active || options.find((o) => !o.hidden));
      event.preventDefault();
    }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", function (event) {
    const option = event.target.closest("[role=option]");
    if (option) {
      take(option);
    }
  });
  field.form.addEventListener("submit", () => show(false));
  field.form.addEventListener("reset", () => show(false));
})();
