//! Training from the outside: what it learns, and what it promises.

use lampyris_net::{Activation, LayerSpec, Net, NetSpec};
use lampyris_train::{BatchSource, MemorySource, Options, Part, Trainer};

const FEATURES: usize = 4;
const CLASSES: usize = 3;

/// Three noisy clouds; noise wide enough that no network gets all of it right.
fn cloud(windows: usize, seed: u64) -> (Vec<f32>, Vec<u32>) {
    let mut random = oorandom::Rand32::new(seed);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in 0..windows {
        let label = i % CLASSES;
        for f in 0..FEATURES {
            let centre = if f == label { 1.5 } else { 0.0 };
            x.push(centre + (random.rand_float() - 0.5) * 3.0);
        }
        y.push(label as u32);
    }
    (x, y)
}

fn source(train: usize, validation: usize) -> MemorySource {
    MemorySource::new(FEATURES, CLASSES, cloud(train, 1), cloud(validation, 2)).expect("it fits")
}

fn net(seed: u64) -> Net {
    let spec = NetSpec {
        input: FEATURES.into(),
        classes: CLASSES,
        hidden: vec![
            LayerSpec::Dense {
                units: 16,
                activation: Activation::Relu,
            },
            LayerSpec::Dropout { rate: 0.2 },
        ],
    };
    Net::init(&spec, seed).expect("a plain network")
}

fn options() -> Options {
    Options {
        epochs: 12,
        batch_size: 16,
        learning_rate: 0.01,
        seed: 7,
        ..Options::default()
    }
}

/// Trains to the end in slices whose lengths repeat `slices`.
fn train(source: MemorySource, seed: u64, options: Options, slices: &[usize]) -> Trainer {
    let mut trainer = Trainer::new(Box::new(source), net(seed), options).expect("good data");
    for &slice in slices.iter().cycle() {
        if trainer.advance(slice).expect("a tame loss").finished {
            break;
        }
    }
    trainer
}

fn accuracy(net: &Net, (x, y): &(Vec<f32>, Vec<u32>)) -> f32 {
    let right = x.chunks_exact(FEATURES).zip(y).filter(|(x, y)| {
        let p = net.forward(x);
        (0..CLASSES).all(|i| i == **y as usize || p[i] < p[**y as usize])
    });
    right.count() as f32 / y.len() as f32
}

#[test]
fn it_learns_and_keeps_the_best_epoch() {
    let trainer = train(source(300, 90), 1, options(), &[usize::MAX]);
    let progress = trainer.progress();
    assert_eq!((progress.epoch, progress.history.len()), (12, 12));
    assert_eq!((progress.batch, progress.batches), (19, 19));
    assert!(progress.finished && !progress.stopped_early);
    let first = progress.history[0];
    let last = progress.history[11];
    assert!(last.train_loss < 0.8 * first.train_loss);
    assert!(last.train_accuracy > 0.75, "{last:?}");

    let losses: Vec<f32> = progress
        .history
        .iter()
        .map(|r| r.validation_loss.expect("there is validation"))
        .collect();
    let best = progress.best_epoch as usize - 1;
    assert!(losses[..best].iter().all(|l| *l > losses[best]));
    assert!(losses[best..].iter().all(|l| *l >= losses[best]));
    // The kept network is that of the best epoch: the oracle finds its accuracy.
    let told = progress.history[best].validation_accuracy.expect("told");
    assert_eq!(accuracy(trainer.best(), &cloud(90, 2)), told);
    assert!(told > 0.75, "{told}");
}

#[test]
fn slices_and_pauses_change_nothing() {
    let whole = train(source(100, 40), 1, options(), &[usize::MAX]);
    for slices in [&[1][..], &[3, 1, 7], &[1000], &[0, 2]] {
        let sliced = train(source(100, 40), 1, options(), slices);
        assert_eq!(sliced.best().to_bytes(), whole.best().to_bytes());
        assert_eq!(sliced.progress(), whole.progress());
    }
    // Two trainings at once do not disturb each other.
    let mut a = Trainer::new(Box::new(source(100, 40)), net(1), options()).expect("good");
    let mut b = Trainer::new(Box::new(source(100, 40)), net(2), options()).expect("good");
    while !a.advance(1).expect("tame").finished {
        b.advance(2).expect("tame");
    }
    assert_eq!(a.best().to_bytes(), whole.best().to_bytes());
}

#[test]
fn the_seed_decides() {
    let run = |net_seed, seed| {
        let options = Options { seed, ..options() };
        train(source(100, 40), net_seed, options, &[50])
            .best()
            .to_bytes()
    };
    assert_eq!(run(1, 7), run(1, 7));
    assert_ne!(run(1, 7), run(1, 8));
    assert_ne!(run(1, 7), run(2, 7));
}

#[test]
fn impatience_stops_early_and_keeps_the_best() {
    let options = Options {
        epochs: 500,
        learning_rate: 0.05,
        patience: 4,
        ..options()
    };
    let trainer = train(source(60, 60), 1, options, &[10]);
    let progress = trainer.progress();
    assert!(progress.stopped_early && progress.finished);
    assert_eq!(progress.epoch, progress.best_epoch + 4);
    assert_eq!(progress.history.len(), progress.epoch as usize);
}

#[test]
fn without_validation_the_training_loss_decides() {
    let trainer = train(source(60, 0), 1, options(), &[usize::MAX]);
    let progress = trainer.progress();
    assert!(progress.history.iter().all(|r| r.validation_loss.is_none()));
    let best = progress.history[progress.best_epoch as usize - 1].train_loss;
    assert!(progress.history.iter().all(|r| r.train_loss >= best));
}

#[test]
fn a_loss_that_runs_away_says_so() {
    let mut huge = cloud(60, 1);
    huge.0.iter_mut().for_each(|v| *v *= f32::MAX / 4.0);
    let source = MemorySource::new(FEATURES, CLASSES, huge, (vec![], vec![])).expect("it fits");
    let mut trainer = Trainer::new(Box::new(source), net(1), options()).expect("finite data");
    let e = trainer.advance(usize::MAX).expect_err("infinite logits");
    assert!(e.remedy.contains("learning rate"), "{e}");
    assert!(trainer.advance(1).expect("nothing more").finished);
}

#[test]
fn data_and_network_must_fit() {
    struct Narrow;
    impl BatchSource for Narrow {
        fn len(&self, _: Part) -> usize {
            2
        }
        fn features(&self) -> usize {
            1
        }
        fn classes(&self) -> usize {
            2
        }
        fn label(&self, _: Part, index: usize) -> usize {
            index
        }
        fn fill(&self, _: Part, _: u32, indices: &[usize], x: &mut Vec<f32>, y: &mut Vec<usize>) {
            x.extend(indices.iter().map(|i| *i as f32));
            y.extend(indices);
        }
    }
    let place = |source: Box<dyn BatchSource>, options| match Trainer::new(source, net(1), options)
    {
        Ok(_) => panic!("accepted"),
        Err(e) => e.place,
    };
    assert_eq!(place(Box::new(Narrow), options()), "network");
    assert_eq!(place(Box::new(source(0, 9)), options()), "training windows");
    let eager = Options {
        learning_rate: 2.0,
        ..options()
    };
    assert_eq!(place(Box::new(source(9, 9)), eager), "learning_rate");
}

#[test]
fn with_a_tolerance_the_last_epoch_that_is_about_as_good_is_kept() {
    let tolerant = Options {
        tolerance: 0.05,
        averaging: 0.9,
        epochs: 40,
        ..options()
    };
    let trainer = train(source(60, 30), 3, tolerant, &[7]);
    let progress = trainer.progress();
    let losses = progress.history.iter().map(|row| row.validation_loss);
    let losses: Vec<f32> = losses.map(|loss| loss.expect("validated")).collect();
    let (mut lowest, mut kept, mut first) = (f32::INFINITY, 0, 0);
    for (loss, epoch) in losses.into_iter().zip(1..) {
        if loss < lowest * 1.05 {
            kept = epoch;
        }
        if loss < lowest {
            (lowest, first) = (loss, epoch);
        }
    }
    assert_eq!(progress.best_epoch, kept);
    assert!(kept > first, "{kept} {first}");
}
