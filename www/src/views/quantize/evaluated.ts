// On what the figures were taken: the test set, or what stood in for it.

import type { Report } from "../../engine/types/Report";
import { thingsWord } from "../shared";

export function evaluatedOn(report: Report): string {
  switch (report.evaluated_on) {
    case "test":
      return "held-out test set";
    case "validation":
      return "validation set (nothing was held out for a test)";
    case "train":
      return "training set itself (nothing was held out)";
    case "auto":
      return thingsWord();
  }
}
