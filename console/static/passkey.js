// Passkeys: the browser's answer goes into a hidden field of the form, and the form is sent as any other.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const written = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function answer(form) {
  const asked = JSON.parse(form.dataset.options);
  asked.challenge = bytes(asked.challenge);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const one of asked[list] || []) one.id = bytes(one.id);
  }
  if (form.dataset.passkey === "new") {
    asked.user.id = bytes(asked.user.id);
    const made = await navigator.credentials.create({ publicKey: asked });
    return { made, response: { attestationObject: written(made.response.attestationObject) } };
  }
  const made = await navigator.credentials.get({ publicKey: asked });
  return {
    made,
    response: {
      authenticatorData: written(made.response.authenticatorData),
      signature: written(made.response.signature),
    },
  };
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const able = Boolean(window.PublicKeyCredential && navigator.credentials);
  const box = form.closest("[data-passkey-box]");
  if (!able) continue;
  if (box) box.hidden = false;
  const said = form.querySelector("[data-passkey-said]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    said.hidden = true;
    try {
      const { made, response } = await answer(form);
      const field = form.querySelector("[data-passkey-answer]");
      field.value = JSON.stringify({
        id: made.id,
        rawId: written(made.rawId),
        type: made.type,
        response: { ...response, clientDataJSON: written(made.response.clientDataJSON) },
        clientExtensionResults: {},
      });
      form.submit();
    } catch {
      said.hidden = false;
    }
  });
}
