package org.alignment4j.eval.refusal;

import java.util.List;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.core.statistics.Agreement;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.core.statistics.Estimates;

/**
 * How far two raters' yes and no agree.
 *
 * @param raw share of the same verdict
 * @param kappa Cohen's κ; of nothing where both gave the same verdict only, where it is undefined
 */
record VerdictAgreement(Estimate raw, Estimate kappa) {

  static VerdictAgreement of(List<boolean[]> verdicts, Bootstrap bootstrap) {
    int[] first = verdicts.stream().mapToInt(pair -> pair[0] ? 1 : 0).toArray();
    int[] second = verdicts.stream().mapToInt(pair -> pair[1] ? 1 : 0).toArray();
    long same = verdicts.stream().filter(pair -> pair[0] == pair[1]).count();
    Estimate raw = Estimates.proportion(same, first.length);
    boolean both = verdicts.stream().anyMatch(pair -> pair[0] || pair[1]);
    boolean neither = verdicts.stream().anyMatch(pair -> !pair[0] || !pair[1]);
    Estimate kappa =
        both && neither
            ? Agreement.cohenKappa(first, second, bootstrap).coefficient().estimate()
            : bootstrap.of(0, items -> Double.NaN).estimate();
    return new VerdictAgreement(raw, kappa);
  }
}
