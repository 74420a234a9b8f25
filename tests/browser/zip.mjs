// What is in a zip, by path: enough of the format for the zips that the page writes.
import assert from "node:assert/strict";
import { crc32, inflateRawSync } from "node:zlib";

/** A `Map` from path to content, in the order of the zip's list; each checksum is checked. */
export function unzip(zip) {
  const end = zip.lastIndexOf("PK\x05\x06", undefined, "latin1");
  assert.ok(end >= 0, "a zip has its list at the end");
  const files = new Map();
  let at = zip.readUInt32LE(end + 16);
  for (let i = zip.readUInt16LE(end + 10); i > 0; i--) {
    assert.equal(zip.readUInt32LE(at), 0x02014b50, "a row of the list");
    const [packed, length] = [zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)];
    const [name, extra, note] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    const path = zip.toString("utf8", at + 46, at + 46 + name);
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(begin, begin + packed);
    const plain = zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(content) : content;
    assert.equal(plain.length, length, path);
    assert.equal(crc32(plain), zip.readUInt32LE(at + 16), `checksum of ${path}`);
    files.set(path, plain);
    at += 46 + name + extra + note;
  }
  return files;
}

/** The same below its one folder, whose name comes along. */
export function unzipFolder(zip) {
  const files = unzip(zip);
  const folders = new Set([...files.keys()].map((path) => path.split("/")[0]));
  assert.equal(folders.size, 1, `one folder, not ${[...folders]}`);
  const [folder] = folders;
  const below = [...files].map(([path, bytes]) => [path.slice(folder.length + 1), bytes]);
  return { folder, files: new Map(below) };
}
