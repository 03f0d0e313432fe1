// What the panel of time loads once the page is painted.

export { lag_of, some_of, span_of, t_of } from './chart.js';
export { Control } from './control.js';
export { draw_time, left_of } from './picture.js';
