// The ways out of a figure as one row of buttons: one element instead of five widgets, told to the page when pressed.
export default function ({ data, parentElement, setTriggerValue }) {
  const row = parentElement.querySelector(".pf-actions");
  const words = JSON.stringify(data.actions);
  if (row.words === words) return;
  row.words = words;
  row.replaceChildren(...data.actions.map(([name, label]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.dataset.action = name;
    button.onclick = () => setTriggerValue("pressed", name);
    return button;
  }));
}
