// The few small things that this page keeps in localStorage, and what each is for.

const MEANINGS: Readonly<Record<string, string>> = {
  "lampyris.project": "Which project was open last",
  "lampyris.microphone": "Which microphone you chose",
  "lampyris.camera": "Which camera you chose",
  "lampyris-theme": "Light or dark, if you chose one",
};

export interface StoredKey {
  name: string;
  meaning: string;
  bytes: number;
}

/** Other pages of the same host share this store; their keys are none of our business. */
function ours(): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith("lampyris"));
  } catch {
    return []; // storage may be forbidden; then nothing is in it
  }
}

export function storedKeys(): StoredKey[] {
  return ours()
    .sort()
    .map((name) => ({
      name,
      meaning: MEANINGS[name] ?? "A choice of yours in this page",
      // As the browser keeps them: two bytes a letter.
      bytes: 2 * (name.length + (localStorage.getItem(name) ?? "").length),
    }));
}

export function forgetKeys(): void {
  for (const name of ours()) localStorage.removeItem(name);
}
