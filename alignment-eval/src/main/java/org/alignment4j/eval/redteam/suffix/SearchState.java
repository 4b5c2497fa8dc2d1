package org.alignment4j.eval.redteam.suffix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.eval.redteam.AttackOutcome.LossPoint;
import org.jspecify.annotations.Nullable;

/**
 * Where a search stands after a step.
 *
 * @param step steps done
 * @param present the tokens that the next step changes
 * @param presentLoss their loss
 * @param best the tokens of the least loss so far
 * @param bestLoss their loss
 * @param tested the tokens tested last; empty when none were
 * @param forwards forward passes, gradients included
 * @param candidates candidates whose loss was computed
 * @param gradients gradients computed
 * @param queries tests made
 * @param emptySteps steps in which no candidate survived
 * @param curve the best loss by forwards, wherever it fell
 */
record SearchState(
    int step,
    TokenIds present,
    double presentLoss,
    TokenIds best,
    double bestLoss,
    TokenIds tested,
    long forwards,
    long candidates,
    long gradients,
    long queries,
    long emptySteps,
    List<LossPoint> curve) {

  SearchState {
    curve = List.copyOf(curve);
  }

  static SearchState begin(TokenIds initial) {
    return new SearchState(
        0,
        initial,
        Double.POSITIVE_INFINITY,
        initial,
        Double.POSITIVE_INFINITY,
        TokenIds.empty(),
        0,
        0,
        0,
        0,
        0,
        List.of());
  }

  /** After the loss of the present tokens became known, at the cost of some forwards. */
  SearchState measured(double loss, long forwardsMore, long candidatesMore, long gradientsMore) {
    return new SearchState(
            step,
            present,
            loss,
            best,
            bestLoss,
            tested,
            forwards + forwardsMore,
            candidates + candidatesMore,
            gradients + gradientsMore,
            queries,
            emptySteps,
            curve)
        .improved(present, loss);
  }

  /** After candidates were evaluated of which one was the best. */
  SearchState evaluated(TokenIds winner, double loss, int evaluated, boolean monotone) {
    boolean stays = monotone && !(loss < presentLoss);
    return new SearchState(
            step,
            stays ? present : winner,
            stays ? presentLoss : loss,
            best,
            bestLoss,
            tested,
            forwards + evaluated,
            candidates + evaluated,
            gradients,
            queries,
            emptySteps,
            curve)
        .improved(winner, loss);
  }

  private SearchState improved(TokenIds tokens, double loss) {
    if (!(loss < bestLoss)) {
      return this;
    }
    List<LossPoint> longer = new ArrayList<>(curve);
    longer.add(new LossPoint(forwards, loss));
    return new SearchState(
        step,
        present,
        presentLoss,
        tokens,
        loss,
        tested,
        forwards,
        candidates,
        gradients,
        queries,
        emptySteps,
        longer);
  }

  /** After a step, in which candidates survived or none did. */
  SearchState stepped(boolean empty) {
    return new SearchState(
        step + 1,
        present,
        presentLoss,
        best,
        bestLoss,
        tested,
        forwards,
        candidates,
        gradients,
        queries,
        emptySteps + (empty ? 1 : 0),
        curve);
  }

  /** After the best tokens were tested. */
  SearchState testedBest() {
    return new SearchState(
        step,
        present,
        presentLoss,
        best,
        bestLoss,
        best,
        forwards,
        candidates,
        gradients,
        queries + 1,
        emptySteps,
        curve);
  }

  Map<String, @Nullable Object> encode() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("step", (long) step);
    fields.put("present", ids(present));
    fields.put("present_loss", finite(presentLoss));
    fields.put("best", ids(best));
    fields.put("best_loss", finite(bestLoss));
    fields.put("tested", ids(tested));
    fields.put("counts", List.of(forwards, candidates, gradients, queries, emptySteps));
    fields.put("curve", curve.stream().map(p -> List.of(p.work(), p.loss())).toList());
    return fields;
  }

  static SearchState decode(Map<String, @Nullable Object> fields) {
    List<?> counts = (List<?>) required(fields, "counts");
    List<LossPoint> curve = new ArrayList<>();
    for (Object point : (List<?>) required(fields, "curve")) {
      List<?> pair = (List<?>) point;
      curve.add(
          new LossPoint(((Number) pair.get(0)).longValue(), ((Number) pair.get(1)).doubleValue()));
    }
    return new SearchState(
        (int) whole(required(fields, "step")),
        ids(required(fields, "present")),
        loss(fields.get("present_loss")),
        ids(required(fields, "best")),
        loss(fields.get("best_loss")),
        ids(required(fields, "tested")),
        whole(counts.get(0)),
        whole(counts.get(1)),
        whole(counts.get(2)),
        whole(counts.get(3)),
        whole(counts.get(4)),
        curve);
  }

  private static Object required(Map<String, @Nullable Object> fields, String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }

  private static long whole(Object value) {
    return ((Number) value).longValue();
  }

  /** Null stands for a loss that is not known yet. */
  private static @Nullable Object finite(double loss) {
    return Double.isFinite(loss) ? (Object) loss : null;
  }

  private static double loss(@Nullable Object value) {
    return value == null ? Double.POSITIVE_INFINITY : ((Number) value).doubleValue();
  }

  private static List<Long> ids(TokenIds tokens) {
    return tokens.stream().mapToObj(id -> (long) id).toList();
  }

  private static TokenIds ids(Object values) {
    return TokenIds.of(((List<?>) values).stream().mapToInt(id -> (int) whole(id)).toArray());
  }
}
