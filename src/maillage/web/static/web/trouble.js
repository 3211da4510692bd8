// Says above the page why one of its parts was not loaded, where the site has not said it itself: a proxy refuses, the
// server does not answer, or the connection is lost. The words stand in the page, in its language; the part and what was
// typed stay as they are.
(() => {
  "use strict";

  const notice = document.getElementById("trouble");
  let said = "";
  let passes = false;

  const wordsOf = (status) => {
    const words = (key) => document.querySelector(`template[data-trouble="${key}"]`);
    return (words(status) || words("other")).innerHTML;
  };
  // What is asked for again and again is refused again and again: a screen reader says it once.
  const isSaid = (words) => words === said && notice.childElementCount > 0;
  const note = (words, status) => {
    said = words;
    passes = status === "lost" || status >= 500;
  };

  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event, { status } = detail.xhr;
    if (status < 400) {
      if (detail.target === notice) passes = false;
      return;
    }
    if (!detail.xhr.getResponseHeader("HX-Retarget")) detail.serverResponse = wordsOf(status);
    detail.shouldSwap = !isSaid(detail.serverResponse);
    note(detail.serverResponse, status);
  });

  const lost = () => {
    const words = wordsOf("lost");
    if (!isSaid(words)) notice.innerHTML = words;
    note(words, "lost");
  };
  document.body.addEventListener("htmx:sendError", lost);
  document.body.addEventListener("htmx:timeout", lost);

  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (!(event.detail.successful && passes)) return;
    notice.replaceChildren();
    passes = false;
  });
})();
