// Work that follows a wish which changes faster than it can be done, such as a slider.

/**
 * Does `work` for one wish at a time. What is wished meanwhile replaces what was waiting, so
 * that nothing piles up and the newest wish is always done last.
 */
export function latestOnly<Wish>(work: (wish: Wish) => Promise<void>): (wish: Wish) => void {
  let busy = false;
  let waiting: { wish: Wish } | null = null;
  const run = async (wish: Wish) => {
    busy = true;
    try {
      await work(wish);
    } finally {
      busy = false;
      const next = waiting;
      waiting = null;
      if (next) void run(next.wish);
    }
  };
  return (wish) => {
    if (busy) waiting = { wish };
    else void run(wish);
  };
}
