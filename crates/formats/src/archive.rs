//! Zips: from elsewhere, read without trusting them, and those written here.
//!
//! Nothing is ever written to a disk from here, still files whose names try to leave
//! their folder are never given: who packs such a zip means no good. Sizes that a
//! zip states about itself are not believed; reading stops at the limit.
//!
//! What is written is known whole beforehand, so it needs no more of the format than
//! one header a file, a directory and its end.
//! Layout: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.16 (end).

use std::collections::BTreeMap;
use std::fmt::Display;

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use rawzip::{CompressionMethod, ZipArchive, ZipArchiveEntryWayfinder, ZipSliceArchive};

use crate::FormatError;
use lampyris_dataset::sort_by;
use lampyris_device::crc::crc32;

/// Entries that a zip may hold.
pub(crate) const MOST_ENTRIES: usize = 100_000;

/// First bytes of a zip that holds anything.
pub(crate) const MAGIC: &[u8] = b"PK\x03\x04";

/// An opened zip with a budget of bytes that it may unpack to.
pub(crate) struct Archive<'a> {
    zip: ZipSliceArchive<&'a [u8]>,
    files: BTreeMap<String, Entry>,
    strange: Vec<String>,
    left: u64,
}

struct Entry {
    at: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
    locked: bool,
}

impl<'a> Archive<'a> {
    /// Opens a zip; all entries together may unpack to `budget` bytes.
    ///
    /// # Errors
    /// Not a zip, more than [`MOST_ENTRIES`] entries.
    pub(crate) fn open(bytes: &'a [u8], budget: u64) -> Result<Self, FormatError> {
        let whole = |e: &dyn Display| {
            FormatError::new(
                format!("this is not a whole zip file: {e}"),
                "the zip",
                "download or copy the file again",
            )
        };
        let zip = ZipArchive::from_slice(bytes).map_err(|e| whole(&e))?;
        let count = zip.entries_hint();
        if count > MOST_ENTRIES as u64 {
            return Err(FormatError::new(
                format!("the zip holds {count} files, more than {MOST_ENTRIES}"),
                "the zip",
                "pack fewer files",
            ));
        }
        let (mut files, mut strange) = (BTreeMap::new(), Vec::new());
        let mut entries = zip.entries();
        for _ in 0..count {
            let entry = entries.next_entry().map_err(|e| damaged("the zip", &e))?;
            let entry = entry.ok_or_else(|| whole(&"its directory is cut short"))?;
            let name = String::from_utf8_lossy(entry.file_path().as_bytes());
            // Old programs of Windows write its separator.
            let name = name.replace('\\', "/");
            if entry.is_dir() || name.ends_with('/') {
                continue;
            }
            if let Some(name) = safe(&name) {
                let entry = Entry {
                    at: entry.wayfinder(),
                    method: entry.compression_method(),
                    locked: entry.flags().is_encrypted(),
                };
                files.insert(name, entry);
            } else {
                strange.push(name);
            }
        }
        sort_by(&mut strange, String::cmp);
        Ok(Self {
            zip,
            files,
            strange,
            left: budget,
        })
    }

    /// Names that try to leave their folder, sorted; their files are not given.
    pub(crate) fn strange(&self) -> &[String] {
        &self.strange
    }

    /// Whether the budget is spent.
    pub(crate) fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// Names of all files, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// Whether there is such a file.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// The content of a file of at most `limit` bytes.
    ///
    /// # Errors
    /// No such file, damaged, locked, packed in a way other than deflate, or larger
    /// than `limit` or than what is left of the budget.
    pub(crate) fn read(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, FormatError> {
        let place = format!("zip entry \"{name}\"");
        let Some(entry) = self.files.get(name) else {
            return Err(FormatError::new(
                "a part is missing",
                place,
                "the file was changed after it was saved: use another copy",
            ));
        };
        if entry.locked {
            return Err(FormatError::new(
                "it is locked with a password",
                place,
                "unpack the zip and give its files",
            ));
        }
        let packed = self.zip.get_entry(entry.at);
        let packed = packed.map_err(|e| damaged(&place, &e))?;
        let told = packed.claim_verifier();
        let most = limit.min(self.left);
        if told.uncompressed_size > most {
            return Err(FormatError::new(
                format!("it unpacks to more than {most} bytes"),
                place,
                "don't trust this zip, or split it into smaller ones",
            ));
        }
        let bytes = match entry.method {
            CompressionMethod::STORE => packed.data().to_vec(),
            CompressionMethod::DEFLATE => {
                // No more than it says of itself, which is believed no further.
                let most = usize::try_from(told.uncompressed_size).unwrap_or(usize::MAX);
                decompress_to_vec_with_limit(packed.data(), most).map_err(|e| {
                    // The work is done all the same: it counts.
                    self.left -= (e.output.len() as u64).min(self.left);
                    damaged(&place, &"its packed bytes make no sense")
                })?
            }
            other => {
                return Err(FormatError::new(
                    format!(
                        "it is packed in a way ({}) that is not known here",
                        other.as_u16()
                    ),
                    place,
                    "unpack the zip and give its files, or pack it again as a plain zip",
                ));
            }
        };
        if told.uncompressed_size != bytes.len() as u64 || told.crc != crc32(&[&bytes]) {
            return Err(damaged(&place, &"its checksum disagrees with its content"));
        }
        self.left -= bytes.len() as u64;
        Ok(bytes)
    }
}

fn damaged(place: &str, error: &dyn Display) -> FormatError {
    FormatError::new(
        format!("the zip is damaged: {error}"),
        place,
        "download or copy the file again",
    )
}

/// A name without parts that mean nothing; `None` where it tries to leave its folder.
fn safe(name: &str) -> Option<String> {
    let drive = name.as_bytes().get(1) == Some(&b':');
    let mut parts = name.split('/');
    if drive || name.starts_with('/') || name.contains('\0') || parts.any(|part| part == "..") {
        return None;
    }
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "."));
    let name = parts.collect::<Vec<_>>().join("/");
    (!name.is_empty()).then_some(name)
}

/// How a file is kept in a zip; the numbers are the format's.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Packing {
    Stored = 0,
    Deflated = 8,
}

/// A zip in the making, perhaps behind something else.
pub(crate) struct Packer {
    out: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Packer {
    /// A zip behind `before`; its offsets count from the start of that.
    pub(crate) fn behind(before: Vec<u8>) -> Self {
        Self {
            out: before,
            directory: Vec::new(),
            count: 0,
        }
    }

    /// Adds a file. It bears the format's first date, so that the same files give the same zip.
    ///
    /// # Errors
    /// More bytes or files than a zip without extensions can hold.
    pub(crate) fn add(
        &mut self,
        name: &str,
        bytes: &[u8],
        packing: Packing,
    ) -> Result<(), FormatError> {
        let deflated;
        let (packed, needs) = match packing {
            Packing::Stored => (bytes, 10),
            Packing::Deflated => {
                deflated = compress_to_vec(bytes, 6);
                (deflated.as_slice(), 20)
            }
        };
        // In both headers, from "version needed to extract" to "extra field length".
        let mut common = Vec::new();
        let flags = if name.is_ascii() { 0u16 } else { 1 << 11 };
        for half in [needs, flags, packing as u16, 0, 0x21] {
            common.extend(half.to_le_bytes());
        }
        common.extend(crc32(&[bytes]).to_le_bytes());
        for length in [packed.len(), bytes.len()] {
            common.extend(fits::<u32>(length)?.to_le_bytes());
        }
        common.extend(fits::<u16>(name.len())?.to_le_bytes());
        common.extend([0, 0]);
        let at = fits::<u32>(self.out.len())?;
        self.count = fits(usize::from(self.count) + 1)?;

        self.out.extend(MAGIC);
        self.out.extend(&common);
        self.out.extend(name.as_bytes());
        self.out.extend(packed);

        self.directory.extend(b"PK\x01\x02");
        // Made under Unix, by the version that is needed.
        self.directory.extend([needs as u8, 3]);
        self.directory.extend(&common);
        // No comment, the first disk, no internal attributes; a plain file, rw-r--r--.
        self.directory.extend([0; 6]);
        self.directory.extend((0o100_644u32 << 16).to_le_bytes());
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        Ok(())
    }

    /// What was before, and the zip.
    ///
    /// # Errors
    /// More bytes than a zip without extensions can hold.
    pub(crate) fn finish(mut self) -> Result<Vec<u8>, FormatError> {
        let at = fits::<u32>(self.out.len())?;
        let length = fits::<u32>(self.directory.len())?;
        self.out.extend(&self.directory);
        self.out.extend(b"PK\x05\x06\0\0\0\0");
        self.out.extend(self.count.to_le_bytes());
        self.out.extend(self.count.to_le_bytes());
        self.out.extend(length.to_le_bytes());
        self.out.extend(at.to_le_bytes());
        self.out.extend([0, 0]);
        Ok(self.out)
    }
}

/// A number of the format's width; its greatest value would promise an extension.
fn fits<T: TryFrom<usize>>(n: usize) -> Result<T, FormatError> {
    T::try_from(n + 1)
        .and_then(|_| T::try_from(n))
        .map_err(|_| {
            FormatError::new(
                "it is more than fits in a zip: 4 GB, 65,534 files",
                "the zip",
                "export fewer recordings at once",
            )
        })
}

#[cfg(test)]
pub(crate) mod testing {
    //! Zips for tests.
    #![allow(clippy::unwrap_used)]

    use std::io::{Cursor, Write};

    use zip::write::SimpleFileOptions;

    /// A zip of these files, as another program packs it.
    pub(crate) fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::{Cursor, Read, Write};

    use super::testing::pack;
    use super::*;

    #[test]
    fn reads_what_was_packed() {
        let zip = pack(&[("b/two", b"22"), ("one", b"1")]);
        assert!(zip.starts_with(MAGIC));
        let mut archive = Archive::open(&zip, 100).unwrap();
        assert_eq!(archive.names(), ["b/two", "one"]);
        assert!(archive.has("one") && !archive.has("two"));
        assert_eq!(archive.read("b/two", 2).unwrap(), b"22");
        assert!(
            archive
                .read("none", 2)
                .unwrap_err()
                .what
                .contains("missing")
        );
    }

    #[test]
    fn another_program_reads_what_is_written() {
        let files: [(&str, &[u8], _); 3] = [
            ("b/two", &[2; 1000], Packing::Deflated),
            ("ü", b"1", Packing::Stored),
            ("empty", b"", Packing::Deflated),
        ];
        let mut packer = Packer::behind(b"model".to_vec());
        for (name, bytes, packing) in files {
            packer.add(name, bytes, packing).unwrap();
        }
        let bytes = packer.finish().unwrap();
        assert!(bytes.starts_with(b"model") && bytes.len() < 500);
        let mut theirs = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut ours = Archive::open(&bytes, 10_000).unwrap();
        for (name, want, _) in files {
            let mut got = Vec::new();
            theirs.by_name(name).unwrap().read_to_end(&mut got).unwrap();
            assert_eq!(got, want, "{name}");
            assert_eq!(ours.read(name, 1000).unwrap(), want, "{name}");
        }
    }

    #[test]
    fn stored_files_are_packed_as_other_programs_do() {
        use zip::write::SimpleFileOptions;
        let options =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let mut theirs = zip::ZipWriter::new(Cursor::new(Vec::new()));
        theirs.start_file("labels.txt", options).unwrap();
        theirs.write_all(b"a\nb\n").unwrap();
        let mut ours = Packer::behind(Vec::new());
        ours.add("labels.txt", b"a\nb\n", Packing::Stored).unwrap();
        assert_eq!(
            ours.finish().unwrap(),
            theirs.finish().unwrap().into_inner()
        );
    }

    #[test]
    fn bombs_stop_at_the_limit() {
        let zip = pack(&[("zeros", &vec![0; 1 << 20]), ("more", &[0; 100])]);
        let mut archive = Archive::open(&zip, 1 << 30).unwrap();
        let e = archive.read("zeros", 1000).unwrap_err();
        assert!(e.what.contains("more than 1000 bytes"), "{e}");
        let mut archive = Archive::open(&zip, 150).unwrap();
        archive.read("more", 100).unwrap();
        assert!(
            archive.read("more", 100).is_err(),
            "the budget is for all together"
        );
    }

    #[test]
    fn names_that_leave_their_folder_are_not_given() {
        let tricks = [
            "../x",
            "a/../../x",
            "/etc/x",
            "C:x",
            "a\\..\\x",
            "\\\\host\\x",
        ];
        let mut files: Vec<(&str, &[u8])> = tricks.iter().map(|name| (*name, &b"1"[..])).collect();
        files.push(("a..b/./ü//c.csv", b"2"));
        files.push(("cat\\1.jpg", b"3"));
        let zip = pack(&files);
        let mut archive = Archive::open(&zip, 100).unwrap();
        assert_eq!(archive.names(), ["a..b/ü/c.csv", "cat/1.jpg"]);
        assert_eq!(archive.strange().len(), tricks.len());
        assert_eq!(archive.read("cat/1.jpg", 9).unwrap(), b"3");
    }

    #[test]
    fn bombs_that_lie_stop_at_what_they_say_and_spend_the_budget() {
        let mut zip = pack(&[("zeros", &vec![0; 1 << 20])]);
        let at = zip.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
        zip[at + 24..at + 28].copy_from_slice(&1000u32.to_le_bytes());
        let mut archive = Archive::open(&zip, 1500).unwrap();
        let e = archive.read("zeros", 1000).unwrap_err();
        assert!(e.what.contains("damaged") && !archive.is_spent(), "{e}");
        assert!(archive.read("zeros", 1000).is_err());
        assert_eq!(archive.left, 500);
    }

    #[test]
    fn no_zip_and_half_a_zip() {
        assert!(Archive::open(b"hello", 100).is_err());
        let zip = pack(&[("one", &[7; 1000])]);
        assert!(Archive::open(&zip[..zip.len() / 2], 10_000).is_err());
        let mut flipped = zip.clone();
        flipped[40] ^= 0xff;
        let damaged = Archive::open(&flipped, 10_000).and_then(|mut a| a.read("one", 1000));
        assert!(damaged.is_err());
    }
}
