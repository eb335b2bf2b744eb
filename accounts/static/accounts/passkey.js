// allauth's passkey scripts report a failure or a cancelled dialogue by this event and say nothing on the page.
document.addEventListener("allauth.error", () => {
  document.getElementById("passkey-error").hidden = false;
});
