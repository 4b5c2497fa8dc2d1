package org.alignment4j.rlhf.reward;

import java.util.Arrays;
import org.apiguardian.api.API;

/** How the probabilities that steps are correct become the reward of an answer. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public enum StepAggregation {
  /** The probability that all are correct (Lightman et al. 2023, arXiv 2305.20050, section 2.6). */
  PRODUCT {
    @Override
    double of(double[] steps) {
      return Arrays.stream(steps).reduce(1, (a, b) -> a * b);
    }
  },
  /** That of the worst step (Lightman et al. 2023; Wang et al. 2023, arXiv 2312.08935). */
  MINIMUM {
    @Override
    double of(double[] steps) {
      return Arrays.stream(steps).min().orElseThrow();
    }
  },
  /** Their arithmetic mean, between the worst and the best. */
  MEAN {
    @Override
    double of(double[] steps) {
      return Arrays.stream(steps).average().orElseThrow();
    }
  },
  /** That of the last step (Uesato et al. 2022, arXiv 2211.14275, for outcome models). */
  LAST {
    @Override
    double of(double[] steps) {
      return steps[steps.length - 1];
    }
  };

  /** From at least one probability. */
  abstract double of(double[] steps);
}
