// What the page needs beyond htmx: the dialog, the scroll of the conversation, the menu of small windows and the keyboard's
// way back. Words come from the page, never from here.
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const wide = () => window.matchMedia("(min-width: 761px)").matches;
  let stuckToEnd = true;

  // Conversation: stay at its end unless somebody has scrolled up to read.
  function toEnd() {
    const log = byId("log");
    if (log) {
      log.scrollTop = log.scrollHeight;
    }
  }
  document.addEventListener("scroll", function (event) {
    const log = event.target;
    if (log.id === "log") {
      stuckToEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    }
  }, true);
  document.addEventListener("htmx:oobAfterSwap", function () {
    if (stuckToEnd) {
      toEnd();
    }
  });

  // A form is htmx's to send: one pressed in the very moment it arrives must not take the person to another page.
  document.addEventListener("submit", (event) => event.preventDefault());

  // Dialog: forms and links open in it; the keyboard goes to its first fault, or its first question, and back on closing.
  const dialog = byId("dialog");
  function opened() {
    byId("dialog-alert").hidden = true;
    if (!dialog.open) {
      dialog.showModal();
    }
    const fault = dialog.querySelector("[data-focus]");
    const first = fault || (wide() && dialog.querySelector(".field input:not([type=hidden]), .field textarea, .field select, .form-foot a")) || byId("form-title");
    if (fault) {
      fault.scrollIntoView({ block: "nearest" });
    }
    first.focus({ preventScroll: !fault });
  }
  function back() {
    const here = document.activeElement;
    byId("dialog-body").replaceChildren();
    const to = here && here !== document.body && !dialog.contains(here) ? here : byId(wide() ? "text" : "log") || menu;
    to.blur(); // the caret may still be in the form that is gone
    to.focus({ preventScroll: true });
  }
  dialog.addEventListener("close", back);
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-close]")) {
      dialog.close();
    }
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    if (event.detail.target && event.detail.target.id === "dialog-body" && byId("dialog-body").firstElementChild) {
      opened();
    }
  });
  document.body.addEventListener("luotsi:closed", function () {
    if (dialog.open) {
      dialog.close();
    }
  });

  // What was said has arrived: the line is empty again, old faults are gone, the end of the conversation is seen.
  document.body.addEventListener("luotsi:done", function (event) {
    const form = event.target.closest && event.target.closest("form");
    document.querySelectorAll(".alert").forEach((told) => told.replaceChildren());
    stuckToEnd = true;
    toEnd();
    if (form && form.id === "say") {
      form.reset();
    }
    if (form && form.closest(".goto")) {
      form.reset();
      form.closest(".goto").open = false;
      form.closest(".goto").querySelector("summary").focus();
    }
    const hello = byId("hello");
    if (hello && form && form.matches("#say, #hello form, .buttons")) {
      hello.remove(); // whoever has begun needs no first words
      fetch("/sandbox/hello" + window.location.search, { method: "POST" });
    }
  });

  // Notices go away by themselves; screen readers have said them by then.
  let noticeTimer = 0;
  new MutationObserver(function () {
    window.clearTimeout(noticeTimer);
    if (byId("notice").textContent) {
      noticeTimer = window.setTimeout(() => byId("notice").replaceChildren(), 9000);
    }
  }).observe(byId("notice"), { childList: true });

  // Failures of the connection are told where the person is looking; nothing typed is lost.
  function failed(event) {
    if (event.detail.requestConfig && event.detail.requestConfig.verb === "get") {
      return;
    }
    const box = dialog.open ? byId("dialog-alert") : byId("alert");
    if (box) {
      box.hidden = false;
      box.textContent = (event.detail.xhr && event.detail.xhr.responseText) || document.body.dataset.failed;
    }
  }
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);

  // Menu of small windows.
  const menu = byId("menu");
  function setMenu(open) {
    document.body.classList.toggle("menu-open", open);
    menu.setAttribute("aria-expanded", String(open));
  }
  menu.addEventListener("click", function () {
    const open = !document.body.classList.contains("menu-open");
    setMenu(open);
    if (open) {
      const here = byId("side").querySelector("[aria-current]");
      if (here) {
        here.focus();
      }
    }
  });
  byId("veil").addEventListener("click", () => setMenu(false));
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || dialog.open) {
      return;
    }
    if (document.body.classList.contains("menu-open")) {
      setMenu(false);
      menu.focus();
    }
    const goto = document.querySelector(".goto[open]");
    if (goto) {
      goto.open = false;
      goto.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", function (event) {
    const goto = document.querySelector(".goto[open]");
    if (goto && !goto.contains(event.target)) {
      goto.open = false;
    }
  });

  toEnd();
  if (wide() && !window.matchMedia("(pointer: coarse)").matches) {
    byId("text").focus({ preventScroll: true });
  }
})();
