// Passkeys: asks the browser for a credential and posts it with the form. The server's options come as JSON.
const fromText = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0)).buffer;
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function readyForGet(options) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const allowed = (options.allowCredentials ?? []).map((each) => ({ ...each, id: fromText(each.id) }));
  return { ...options, challenge: fromText(options.challenge), allowCredentials: allowed };
}

function readyForCreate(options) {
  // A passkey, not a second factor only: it is found without a name, and asks for finger, face or PIN.
  options.authenticatorSelection = { ...options.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const excluded = (options.excludeCredentials ?? []).map((each) => ({ ...each, id: fromText(each.id) }));
  return { ...options, challenge: fromText(options.challenge), user: { ...options.user, id: fromText(options.user.id) }, excludeCredentials: excluded };
}

function asJson(credential) {
  if (credential.toJSON) return credential.toJSON();
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const said = names.filter((name) => credential.response[name]).map((name) => [name, toText(credential.response[name])]);
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: Object.fromEntries(said), clientExtensionResults: credential.getClientExtensionResults() };
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "login") return JSON.parse(document.getElementById("passkey-options").textContent).publicKey;
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

async function use(form) {
  const options = await optionsOf(form);
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: readyForCreate(options) })
    : await navigator.credentials.get({ publicKey: readyForGet(options) });
  form.elements.credential.value = JSON.stringify(asJson(credential));
  form.submit();
}

function start(form) {
  const button = form.querySelector("[data-passkey-go]");
  const problem = form.querySelector("[data-passkey-problem]");
  button.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    button.disabled = true;
    try {
      await use(form);
    } catch {
      problem.textContent = form.dataset.problem;
      problem.hidden = false;
      button.disabled = false;
    }
  });
}

if (window.PublicKeyCredential) for (const form of document.querySelectorAll("form[data-passkey]")) start(form);
