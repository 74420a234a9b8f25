//! Text into cells: `,` `;` or tab, quotes, any line ending.

use std::borrow::Cow;

use crate::FormatError;

/// A place in a CSV text; cheap to copy, so that one can look ahead.
#[derive(Clone)]
pub(crate) struct Rows<'a> {
    rest: &'a str,
    separator: u8,
    /// Number of the line that begins at `rest`, from 1.
    line: usize,
}

/// Cells of a row, without the blanks around them.
pub(crate) type Cells<'a> = Vec<Cow<'a, str>>;

impl<'a> Rows<'a> {
    /// The rows after the header, and the header. Lines before it that begin
    /// with `#` are passed over.
    pub(crate) fn open(text: &'a str) -> Result<(Self, Cells<'a>), FormatError> {
        let mut rows = Self {
            rest: text,
            separator: b',',
            line: 1,
        };
        while rows.rest.starts_with('#') || rows.first_line().trim().is_empty() {
            if rows.rest.is_empty() {
                return Err(FormatError::new(
                    "the file holds only comments",
                    "",
                    "add a header and rows of values",
                ));
            }
            rows.skip_line();
        }
        rows.separator = separator(rows.first_line());
        let mut header = Vec::new();
        rows.next(&mut header)?;
        Ok((rows, header))
    }

    fn first_line(&self) -> &'a str {
        let end = self.rest.bytes().position(|b| b == b'\n' || b == b'\r');
        &self.rest[..end.unwrap_or(self.rest.len())]
    }

    fn skip_line(&mut self) {
        self.rest = &self.rest[self.first_line().len()..];
        self.end_line();
    }

    /// Passes over one line ending: `\n`, `\r\n`, or the `\r` of old loggers.
    fn end_line(&mut self) {
        let bytes = self.rest.as_bytes();
        let n = match (bytes.first(), bytes.get(1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r' | b'\n'), _) => 1,
            _ => 0,
        };
        self.rest = &self.rest[n..];
        self.line += usize::from(n > 0);
    }

    /// Fills `cells` with the next row that is not blank and gives its line;
    /// `None` at the end.
    pub(crate) fn next(&mut self, cells: &mut Cells<'a>) -> Result<Option<usize>, FormatError> {
        cells.clear();
        while !self.rest.is_empty() && self.first_line().trim().is_empty() {
            self.skip_line();
        }
        if self.rest.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        loop {
            let cell = self.cell(line)?;
            cells.push(cell);
            match self.rest.as_bytes().first() {
                Some(&b) if b == self.separator => self.rest = &self.rest[1..],
                _ => {
                    self.end_line();
                    return Ok(Some(line));
                }
            }
        }
    }

    fn cell(&mut self, line: usize) -> Result<Cow<'a, str>, FormatError> {
        let separator = self.separator;
        let blank = |b: u8| b == b' ' || (b == b'\t' && separator != b'\t');
        let lead = self.rest.bytes().take_while(|b| blank(*b)).count();
        if self.rest.as_bytes().get(lead) == Some(&b'"') {
            self.rest = &self.rest[lead + 1..];
            return self.quoted(line);
        }
        let end = self
            .rest
            .bytes()
            .position(|b| b == separator || b == b'\n' || b == b'\r')
            .unwrap_or(self.rest.len());
        let cell = self.rest[..end].trim();
        self.rest = &self.rest[end..];
        Ok(Cow::Borrowed(cell))
    }

    /// The rest of a cell whose first quote has been passed.
    fn quoted(&mut self, line: usize) -> Result<Cow<'a, str>, FormatError> {
        let mut cell = Cow::Borrowed("");
        loop {
            let Some(end) = self.rest.find('"') else {
                return Err(FormatError::new(
                    "a quoted cell never ends",
                    format!("line {line}"),
                    "close the quote, or write a quote inside a cell twice",
                ));
            };
            let piece = &self.rest[..end];
            self.line += piece.bytes().filter(|b| *b == b'\n').count();
            if cell.is_empty() {
                cell = Cow::Borrowed(piece);
            } else {
                cell.to_mut().push_str(piece);
            }
            self.rest = &self.rest[end + 1..];
            if !self.rest.starts_with('"') {
                break;
            }
            cell.to_mut().push('"');
            self.rest = &self.rest[1..];
        }
        let after = self
            .rest
            .bytes()
            .position(|b| b == self.separator || b == b'\n' || b == b'\r')
            .unwrap_or(self.rest.len());
        if !self.rest[..after].trim().is_empty() {
            return Err(FormatError::new(
                "there is text after a quoted cell",
                format!("line {line}"),
                "put the whole cell inside the quotes",
            ));
        }
        self.rest = &self.rest[after..];
        Ok(cell)
    }
}

/// The separator that the header has most of outside of quotes.
fn separator(header: &str) -> u8 {
    let count = |separator: u8| {
        let mut inside = false;
        header
            .bytes()
            .filter(|b| {
                inside ^= *b == b'"';
                !inside && *b == separator
            })
            .count()
    };
    // Of equals the first: a comma.
    [b',', b';', b'\t']
        .into_iter()
        .rev()
        .max_by_key(|s| count(*s))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn all(text: &str) -> Vec<(usize, Vec<String>)> {
        let (mut rows, header) = Rows::open(text).unwrap();
        let own = |cells: &Cells<'_>| cells.iter().map(|c| c.to_string()).collect();
        let mut out = vec![(0, own(&header))];
        let mut cells = Vec::new();
        while let Some(line) = rows.next(&mut cells).unwrap() {
            out.push((line, own(&cells)));
        }
        out
    }

    fn row(line: usize, cells: &[&str]) -> (usize, Vec<String>) {
        (line, cells.iter().map(|c| (*c).into()).collect())
    }

    #[test]
    fn separators_and_line_endings() {
        for text in [
            "a,b\n1,2\n\n3,4",
            "a;b\r\n1;2\r\n\r\n3;4\r\n",
            "a\tb\r1\t2\r\r3\t4",
        ] {
            let want = [
                row(0, &["a", "b"]),
                row(2, &["1", "2"]),
                row(4, &["3", "4"]),
            ];
            assert_eq!(all(text), want, "{text:?}");
        }
    }

    #[test]
    fn quotes() {
        let got = all("\"a, b\",c\n \"x \"\"y\"\"\" , 2 \n\"two\nlines\",3\n4,\"\"\n");
        assert_eq!(got[0], row(0, &["a, b", "c"]));
        assert_eq!(got[1], row(2, &["x \"y\"", "2"]));
        assert_eq!(got[2], row(3, &["two\nlines", "3"]));
        assert_eq!(got[3], row(5, &["4", ""]));
    }

    #[test]
    fn quotes_that_go_wrong() {
        let fails = |text: &str| {
            let (mut rows, _) = Rows::open(text).unwrap();
            rows.next(&mut Vec::new()).unwrap_err().to_string()
        };
        assert!(fails("a,b\n\"1,2\n").contains("never ends (line 2)"));
        assert!(fails("a,b\n\"1\"x,2\n").contains("after a quoted cell"));
    }

    #[test]
    fn comments_before_the_header() {
        assert_eq!(all("# made by x\n\n# y\na,b\n1,2")[1], row(5, &["1", "2"]));
        assert!(Rows::open("# only\n").is_err());
    }

    #[test]
    fn empty_cells_stay() {
        assert_eq!(all("a,b,\n,,")[1], row(2, &["", "", ""]));
    }
}
