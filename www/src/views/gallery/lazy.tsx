// The parts of the page that only pictures need are fetched once there are some.

import { lazy } from "../lazy";
import { opened } from "./opened";

const large = lazy("Picture", async () => (await import("./gallery")).LargePicture);
const panel = lazy("Pictures", async () => (await import("./gallery")).GalleryPanel);
const means = lazy("Mean pictures", async () => (await import("./gallery")).MeansPanel);
const samples = lazy("Samples", async () => (await import("./gallery")).SamplePictures);

/** The picture that is opened, over any view. */
export function Large() {
  return opened.value === null ? null : <large.View />;
}

export const Gallery = panel.View;
export const MeanPictures = means.View;
export const SamplePictures = samples.View;
