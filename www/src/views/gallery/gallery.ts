// What is fetched once there are pictures.
import "../../styles/gallery.css";

export { PictureGrid } from "./grid";
export { LargePicture } from "./large";
export { MeansPanel } from "./means";
export { GalleryPanel } from "./panel";
export { SamplePictures } from "./samples";
