export { IMAGE_LIKENESS_THRESHOLD, imageLikeness } from './image-likeness.ts';
