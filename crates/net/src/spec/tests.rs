use super::*;
use crate::fixture;

fn dense(units: u32, activation: Activation) -> LayerSpec {
    LayerSpec::Dense { units, activation }
}

fn spec() -> NetSpec {
    NetSpec {
        input: Shape::flat(33),
        classes: 4,
        hidden: vec![
            dense(20, Activation::Relu),
            LayerSpec::Dropout { rate: 0.25 },
            dense(10, Activation::Relu),
        ],
    }
}

fn picture(json: &str) -> Result<Vec<LayerCost>, NetError> {
    let spec = NetSpec {
        input: Shape::new(49, 10, 1),
        classes: 12,
        hidden: serde_json::from_str(json).expect("as written"),
    };
    spec.check().map(|()| spec.costs())
}

#[test]
fn costs_are_counted_by_hand() {
    let rows = spec().costs();
    let names: Vec<_> = rows.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(
        names,
        ["dense_1", "dropout_2", "dense_3", "logits", "scores"]
    );
    assert_eq!((rows[0].params, rows[0].macs), (33 * 20 + 20, 33 * 20));
    assert_eq!(rows[0].bytes, 33 * 20 + 4 * 20);
    assert_eq!((rows[1].params, rows[1].output_shape[1]), (0, 20));
    assert_eq!(rows[3].params, 10 * 4 + 4);
    assert_eq!(rows[4].operator, "SOFTMAX");
    spec().check().expect("a plain network");
}

#[test]
fn a_keyword_network_costs_what_its_paper_says() {
    // DS-CNN of Zhang et al., "Hello edge", as MLPerf Tiny has it: 2.66 M MACs.
    let block = r#"{"kind":"depthwise_conv2d","kernel":[3,3]},{"kind":"conv2d","filters":64,"kernel":[1,1]}"#;
    let json = format!(
        r#"[{{"kind":"conv2d","filters":64,"kernel":[10,4],"stride":[2,2]}},{block},{block},{block},{block},{{"kind":"global_average_pool"}}]"#
    );
    let rows = picture(&json).expect("a plain network");
    assert_eq!(rows[0].output_shape, [1, 25, 5, 64]);
    assert_eq!(rows[1].macs, 25 * 5 * 64 * 9);
    assert_eq!(rows[2].params, 64 * 64 + 64);
    assert_eq!(rows.iter().map(|r| r.macs).sum::<u64>(), 2_656_768);
}

#[test]
fn shapes_follow_the_layers() {
    let rows = picture(
        r#"[{"kind":"conv1d","filters":8,"kernel":3},{"kind":"max_pool","size":[2,1]},{"kind":"flatten"}]"#,
    );
    let rows = rows.expect("a plain network");
    let shapes: Vec<_> = rows.iter().map(|r| r.output_shape.clone()).collect();
    assert_eq!(
        shapes[..3],
        [vec![1, 49, 1, 8], vec![1, 24, 1, 8], vec![1, 192]]
    );
    assert_eq!(rows[0].macs, 49 * 8 * 3 * 10);
    assert_eq!(rows[2].operator, "RESHAPE");
    assert_eq!(fixture::every_layer_spec().costs().len(), 17);
}

#[test]
fn json_is_what_settings_hold() {
    let json = r#"[{"kind":"dense","units":20,"activation":"relu"},{"kind":"dropout","rate":0.25},{"kind":"dense","units":10,"activation":"relu"}]"#;
    assert_eq!(serde_json::to_string(&spec().hidden).expect("plain"), json);
    let read: Vec<LayerSpec> = serde_json::from_str(json).expect("as written");
    assert_eq!(read, spec().hidden);
    serde_json::from_str::<LayerSpec>(r#"{"kind":"conv"}"#).expect_err("unknown kind");
    let all = fixture::every_layer_spec().hidden;
    let json = serde_json::to_string(&all).expect("plain");
    assert_eq!(
        serde_json::from_str::<Vec<LayerSpec>>(&json).expect("as written"),
        all
    );
    for layer in &all {
        let kind = format!(r#""kind":"{}""#, layer.kind());
        assert!(json.contains(&kind), "{kind}");
    }
}

#[test]
fn nonsense_is_refused_with_its_place() {
    type Spoil = fn(&mut NetSpec);
    let cases: [(Spoil, &str); 8] = [
        (|s| s.input = Shape::flat(0), "input"),
        (|s| s.input = Shape::new(2, 1, 65_537), "input"),
        (|s| s.classes = 1, "output"),
        (|s| s.hidden[0] = dense(0, Activation::None), "layer 1"),
        (
            |s| s.hidden[1] = LayerSpec::Dropout { rate: 1.0 },
            "layer 2",
        ),
        (
            |s| s.hidden[1] = LayerSpec::Dropout { rate: f32::NAN },
            "layer 2",
        ),
        (
            |s| s.hidden = vec![LayerSpec::Dropout { rate: 0.0 }; 65],
            "network",
        ),
        (
            |s| s.hidden = vec![dense(16_384, Activation::None); 2],
            "network",
        ),
    ];
    for (i, (spoil, place)) in cases.into_iter().enumerate() {
        let mut s = spec();
        spoil(&mut s);
        let e = s.check().expect_err("nonsense");
        assert_eq!(e.place, place, "case {i}: {e}");
        assert!(s.costs().is_empty());
    }
}

#[test]
fn pictures_that_do_not_fit_are_refused_with_a_remedy() {
    let cases = [
        (
            r#"{"kind":"conv2d","filters":4,"kernel":[3,11],"padding":"valid"}"#,
            "49×10",
        ),
        (r#"{"kind":"max_pool","size":[50,1]}"#, "50×1"),
        (
            r#"{"kind":"conv2d","filters":0,"kernel":[3,3]}"#,
            "0 filters",
        ),
        (r#"{"kind":"conv1d","filters":4,"kernel":0}"#, "0×1"),
        (
            r#"{"kind":"conv1d","filters":4,"kernel":3,"stride":0}"#,
            "stride",
        ),
        (
            r#"{"kind":"conv2d","filters":16384,"kernel":[3,3]}"#,
            "49×10×16384",
        ),
        (r#"{"kind":"batch_norm"}"#, "no layer"),
        (
            r#"{"kind":"conv2d","filters":4,"kernel":[3,3]},{"kind":"add","back":2}"#,
            "49×10×1",
        ),
    ];
    for (json, what) in cases {
        let e = picture(&format!("[{json}]")).expect_err(what);
        assert!(e.what.contains(what), "{e}");
        assert!(e.place.starts_with("layer ") && !e.remedy.is_empty(), "{e}");
    }
}
