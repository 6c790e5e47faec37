// Runs before the page is laid out, so that nothing is shown and taken away again.
document.documentElement.classList.add("js");
