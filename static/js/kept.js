// What was typed and is not saved yet, kept on this device under a key that the server gives to pages of the same person only
// (data-keys: the one to write with first). After signing out nobody reads it here; after signing in again its person does.
import { xchacha20poly1305 } from "./vendor/xchacha20poly1305.min.js";

const NONCE = 24;

export class Kept {
  constructor(name, keys) {
    this.name = name;
    this.keys = keys.split(" ").map(toBytes);
    this.belongs = new TextEncoder().encode(name);
  }

  // null: there is nothing, or nothing that can be read.
  read() {
    let text = null;
    try {
      text = localStorage.getItem(this.name);
    } catch {
      // A browser without storage still saves online.
    }
    return text && (text.startsWith("{") ? inTheClear(text) : this.open(text));
  }

  open(text) {
    for (const key of this.keys) {
      try {
        const sealed = toBytes(text);
        const bytes = xchacha20poly1305(key, sealed.subarray(0, NONCE), this.belongs).decrypt(sealed.subarray(NONCE));
        return JSON.parse(new TextDecoder().decode(bytes));
      } catch {
        // Written under another key.
      }
    }
    return null;
  }

  write(value) {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
    const sealed = xchacha20poly1305(this.keys[0], nonce, this.belongs).encrypt(new TextEncoder().encode(JSON.stringify(value)));
    try {
      localStorage.setItem(this.name, toText(nonce) + toText(sealed));
    } catch {
      // Full or forbidden: the page itself still holds it.
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // Nothing was kept.
    }
  }
}

// As versions before wrote it.
function inTheClear(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const toBytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

// 24 bytes make 32 signs without padding, so that what follows can be joined on.
function toText(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
