"use strict";
// Shows one view (target and slice) at a time, and draws a figure when it is first seen: a hidden one has no width.
(function () {
  const config = {responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"]};
  const drawn = new Set();

  function draw(place) {
    if (drawn.has(place)) return Promise.resolve();
    drawn.add(place);
    const figure = JSON.parse(document.getElementById("data-" + place.dataset.figure).textContent);
    return Plotly.newPlot(place, figure.data, figure.layout, config);
  }

  function drawVisible() {
    const places = Array.from(document.querySelectorAll(".plot")).filter((place) => place.offsetParent !== null);
    return Promise.all(places.map(draw));
  }

  const controls = Array.from(document.querySelectorAll(".controls select"));
  function showView() {
    const value = (name, otherwise) => {
      const found = controls.find((control) => control.name === name);
      return found ? found.value : otherwise;
    };
    const views = Array.from(document.querySelectorAll(".view"));
    const key = value("slice", "0") + "-" + value("target", views.length ? views[0].dataset.target : "");
    views.forEach((view) => { view.hidden = view.dataset.view !== key; });
    return drawVisible();
  }
  controls.forEach((control) => control.addEventListener("change", showView));

  document.querySelectorAll(".switch").forEach(function (row) {
    const buttons = Array.from(row.querySelectorAll("button"));
    buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        buttons.forEach(function (other) {
          other.setAttribute("aria-pressed", String(other === button));
          document.getElementById(other.dataset.shows).hidden = other !== button;
        });
        drawVisible();
      });
    });
  });
  showView().then(function () { document.documentElement.dataset.drawn = "all"; });
})();
