//! From pictures to labels: no ring and no features, only the network's input.

use lampyris_dsp::View;

use super::{Classifier, Event, Stage};

impl<B, A, F> Classifier<B, A, F>
where
    B: AsRef<[u8]> + Clone,
    A: AsRef<[u8]> + AsMut<[u8]>,
    F: AsRef<[f32]> + AsMut<[f32]>,
{
    /// Puts what the model sees of a picture into the network's input and gives it: int8
    /// `[rows, columns, channels]` of [`crate::Chip::grid`], each the byte less 128.
    /// [`Classifier::say`] or [`Classifier::infer`] then runs on it. Empty where the model
    /// is not for pictures.
    pub fn show(&mut self, picture: &View<'_>) -> &[i8] {
        let Some(see) = self.facts.block.see else {
            return &[];
        };
        let input = self.session.input_mut(0);
        see(self.facts.settings.as_slice(), picture, input);
        self.shown = true;
        self.session.input(0)
    }

    /// Runs the network on the picture that [`Classifier::show`] was given and decides:
    /// the picture is one reading and one window. `None` where none was shown since the
    /// last run.
    pub fn say(&mut self) -> Option<Event> {
        self.say_with(|_| ())
    }

    /// [`Classifier::show`] and [`Classifier::say`]: takes one picture and gives what the
    /// model says of it. `None` where the model is not for pictures.
    pub fn see(&mut self, picture: &View<'_>) -> Option<Event> {
        self.see_with(picture, |_| ())
    }

    /// [`Classifier::see`] that says where the computation is.
    pub fn see_with(&mut self, picture: &View<'_>, mut at: impl FnMut(Stage)) -> Option<Event> {
        self.facts.block.see?;
        at(Stage::Begin);
        self.show(picture);
        at(Stage::Features);
        self.say_with(at)
    }

    /// [`Classifier::say`] that says when the network has run.
    pub fn say_with(&mut self, mut at: impl FnMut(Stage)) -> Option<Event> {
        if !self.shown {
            return None;
        }
        self.infer();
        at(Stage::Network);
        self.firing.pass();
        Some(self.decide(true))
    }
}
