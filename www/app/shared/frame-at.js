// @ts-check

/** The index of the frame on screen at `seconds`: the last that is not later. @param {Float64Array} times ascending @param {number} seconds */
export function frameAt(times, seconds) {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    // Half a microsecond of tolerance for times that were rounded for display.
    if (times[middle] <= seconds + 5e-7) low = middle;
    else high = middle - 1;
  }
  return low;
}
