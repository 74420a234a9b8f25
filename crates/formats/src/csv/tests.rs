//! Whole files, good and bad.
#![allow(clippy::unwrap_used)]

use super::*;
use lampyris_dataset::NewRecording;

fn read(text: &str) -> Result<Vec<Draft>, FormatError> {
    drafts(text, Stated::default())
}

fn one(text: &str) -> Draft {
    let mut all = read(text).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn refusal(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

#[test]
fn time_axes_and_labels() {
    let d = one("t_ms,ax (m/s2),ay,label\n0,1,2,sit\n20,3,4,sit\n40,5,6,\n60,7,8,walk\n");
    assert_eq!((d.rate_hz, d.times_ms), (50.0, None));
    assert_eq!(d.values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]);
    let spans: Vec<_> = d
        .spans
        .iter()
        .map(|s| (s.start, s.end, s.label.as_str()))
        .collect();
    assert_eq!(spans, [(0, 2, "sit"), (3, 4, "walk")]);
    assert_eq!(
        (d.axes[0].unit.as_str(), d.axes[1].unit.as_str()),
        ("m/s2", "")
    );
}

#[test]
fn a_label_that_comes_back_is_a_new_stretch() {
    let d = one("t_ms,x,class\n0,1,a\n20,1,\n40,1,a\n");
    assert_eq!(d.spans.len(), 2);
}

#[test]
fn semicolons_tabs_and_windows_lines() {
    let d = one("time_s;x;y\r\n0.00;1;2\r\n0.02;3;4\r\n");
    assert_eq!((d.rate_hz, d.values.len()), (50.0, 4));
    let d = one("time_s\tx\n0\t1\n0.02\t3\n");
    assert_eq!(d.values, [1.0, 3.0]);
}

#[test]
fn a_stated_rate_serves_where_there_is_no_time() {
    let stated = Stated {
        rate_hz: Some(25.0),
        group_by: None,
    };
    let d = drafts("x,y\n1,2\n", stated).unwrap();
    assert_eq!(d[0].rate_hz, 25.0);
    assert!(d[0].notes[0].contains("as stated"));
    // One column is enough.
    assert_eq!(drafts("x\n1\n2\n", stated).unwrap()[0].values, [1.0, 2.0]);
}

#[test]
fn groups_become_recordings() {
    let stated = Stated {
        rate_hz: None,
        group_by: Some("who"),
    };
    let text = "t_ms,x,who\n0,1,Al\n20,2,Al\n0,3,Bo\n20,4,Bo\n40,5,Bo\n";
    let d = drafts(text, stated).unwrap();
    assert_eq!(d.len(), 2);
    assert_eq!((d[0].values.len(), d[1].values.len()), (2, 3));
    assert_eq!(
        (d[0].group.as_deref(), d[1].group.as_deref()),
        (Some("Al"), Some("Bo"))
    );
    assert_eq!(d[1].part.as_deref(), Some("Bo 2"));
    // Without the group, time falls.
    assert!(refusal(text).contains("time falls from 20 to 0 (line 4"));
}

#[test]
fn refusals_say_where() {
    let cases = [
        (
            "t_ms,x\n0,1\n20,NaN\n",
            "not a finite number (line 3, column \"x\")",
        ),
        ("t_ms,x\n0,1\n20,inf\n", "not a finite number"),
        ("t_ms,x\n0,1\n20,-Infinity\n", "not a finite number"),
        ("t_ms,x\n0,1\n20,1e39\n", "not a finite number"),
        ("t_ms,x\n0,1\nNaN,2\n", "line 3, column \"t_ms\""),
        ("t_ms,x\n0,1\n20,\n", "a value is missing (line 3"),
        (
            "t_ms,x\n0,1\n20,hello\n",
            "\"hello\" is not a number (line 3",
        ),
        ("t_ms;x\n0;1,5\n20;2,5\n", "decimal comma (line 2"),
        (
            "t_ms,x\n0,1\n20,1,2\n",
            "the row has 3 cells, the header 2 (line 3)",
        ),
        (
            "t_ms,x\n0,1\n20\n",
            "the row has 1 cells, the header 2 (line 3)",
        ),
        ("t_ms,x\n", "no row of values"),
        ("x,y\n1,2\n", "no time column and no rate"),
        (
            "t_ms,x,label\n0,1,\n20,1,\n",
            "no label: the label column is empty",
        ),
        (
            "t_ms,x\n0,1\n",
            "one row tells no rate (column \"t_ms\", from line 2)",
        ),
        ("t_ms,x\n0,1\n0,2\n", "all times are the same"),
        ("t,x\n0,1\n\"2,0\n", "never ends"),
    ];
    for (text, want) in cases {
        let got = refusal(text);
        assert!(got.contains(want), "{text:?} gives {got:?}");
        assert!(got.contains(": "), "a remedy is told: {got}");
    }
}

#[test]
fn a_last_comma_is_forgiven() {
    assert_eq!(one("t_ms,x\n0,1,\n20,2,\n").values, [1.0, 2.0]);
    assert_eq!(one("t_ms,x,\n0,1,\n20,2,\n").values, [1.0, 2.0]);
}

#[test]
fn a_hundred_thousand_rows_in_under_a_second() {
    let mut text = String::from("t_ms,x,y,z,label\n");
    for i in 0..100_000 {
        let _ = writeln!(text, "{},{}.25,-0.5,{},walk", i * 10, i % 7, i % 13);
    }
    let start = std::time::Instant::now();
    let d = one(&text);
    assert_eq!((d.values.len(), d.rate_hz), (300_000, 100.0));
    assert_eq!(d.spans[0].end, 100_000);
    assert!(start.elapsed().as_secs_f64() < 1.0, "{:?}", start.elapsed());
}

fn recording(d: Draft) -> Recording {
    let new = NewRecording {
        name: "n".into(),
        label: "l".into(),
        spans: d.spans,
        group: d.group,
        axes: d.axes,
        rate_hz: d.rate_hz,
        source: "import".into(),
        ..NewRecording::default()
    };
    Recording::new(new, d.values, d.times_ms).unwrap()
}

#[test]
fn what_is_written_is_read_again() {
    for text in [
        "t_ms,\"a,x (g)\",y,label\n0,0.1,2,\"s,it\"\n20,3,4,\n40,5,6e-7,walk\n",
        "t_ms,x,label\n0,1,a\n7,2,a\n50,3,b\n",
        "t_ms,x,label,group\n0,1,a,\"Al, 9\"\n20,2,a,\"Al, 9\"\n",
    ] {
        let first = recording(one(text));
        let again = recording(one(&write(&first)));
        assert_eq!(again.values, first.values);
        assert_eq!(again.meta, first.meta);
        assert_eq!(again.times_ms, first.times_ms);
    }
    // A rate that no millisecond hits comes back to nine digits.
    let mut odd = one("t_ms,x,label\n0,1,a\n20,2,a\n40,3,b\n");
    odd.rate_hz = 104.0;
    let again = recording(one(&write(&recording(odd))));
    assert_eq!((again.meta.rate_hz, again.times_ms), (104.0, None));
}
