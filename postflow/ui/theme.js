// Tells the page when the reader switches between light and dark: pictures are drawn by the server, in one of the two.
export default function ({ data, setTriggerValue }) {
  const app = document.querySelector("[data-testid=stApp]");
  const now = () => (getComputedStyle(app).colorScheme.includes("dark") ? "dark" : "light");
  window.postflowTheme?.disconnect();
  const look = () => { if (now() !== data.mode) setTriggerValue("switched", now()); };
  const observer = new MutationObserver(look);
  observer.observe(app, { attributes: true });
  const media = matchMedia("(prefers-color-scheme: dark)");
  const later = () => setTimeout(look, 300);  // Streamlit follows the system first
  media.addEventListener("change", later);
  window.postflowTheme = { disconnect() { observer.disconnect(); media.removeEventListener("change", later); } };
}
