"use strict";
// Draws every figure from the JSON beside it; figures with several views get a row of buttons.
(function () {
  const config = {responsive: true, displaylogo: false,
                  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"]};

  function addSwitch(place, views) {
    const row = document.createElement("div");
    row.className = "switch";
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "horizontal axis");
    row.append("against ");
    views.forEach(function (view, index) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = view.name;
      button.dataset.view = view.name;
      button.setAttribute("aria-pressed", String(index === 0));
      button.addEventListener("click", function () {
        row.querySelectorAll("button").forEach(function (other) {
          other.setAttribute("aria-pressed", String(other === button));
        });
        const axes = {shapes: view.shapes};
        axes[view.axis + ".title.text"] = view.title;
        Object.keys(place.layout).filter((key) => /^[xy]axis/.test(key)).forEach(function (key) {
          axes[key + ".autorange"] = true;
        });
        Plotly.update(place, {x: view.x}, axes);
      });
      row.append(button);
    });
    place.before(row);
  }

  const drawings = Array.from(document.querySelectorAll(".plot")).map(function (place) {
    const figure = JSON.parse(document.getElementById("data-" + place.dataset.figure).textContent);
    const views = figure.layout.meta && figure.layout.meta.views;
    if (views) addSwitch(place, views);
    return Plotly.newPlot(place, figure.data, figure.layout, config);
  });
  Promise.all(drawings).then(function () { document.documentElement.dataset.drawn = "all"; });
})();
