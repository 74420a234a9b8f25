// Work that waits until somebody can see what it is for.

import { useEffect, useRef, useState } from "preact/hooks";

/** `watch` begins once `box` comes into sight, and ends, as what it gives back says, with the component. */
export function useInSight(watch: () => () => void) {
  const box = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    let stop: (() => void) | null = null;
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((e) => e.isIntersecting)) return;
      observer.disconnect();
      setNear(true);
      stop = watch();
    });
    if (box.current) observer.observe(box.current);
    return () => {
      observer.disconnect();
      stop?.();
    };
  }, [watch]);
  return { box, near };
}
