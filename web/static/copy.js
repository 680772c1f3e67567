// A button for each text that one takes along, in the heading over it, where it moves nothing; without
// it the text can be selected.
const KEPT = 2000; // milliseconds that a button says so

function offer(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.innerText.trim());
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), KEPT);
  });
  const heading = text.previousElementSibling;
  if (heading?.matches("h3")) heading.append(button);
  else text.after(button);
}

// Browsers have a clipboard in secure contexts alone.
if (navigator.clipboard) document.querySelectorAll(".copied").forEach(offer);
