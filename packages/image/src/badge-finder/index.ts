export { badgeFinder, HEIGHT_TOLERANCE } from './badge-finder.ts';
