package org.alignment4j.interp.edit;

import static org.alignment4j.api.hook.Edits.add;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.GradientResult;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.HookedModel;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.hook.LogitMetric.Term;
import org.alignment4j.api.hook.Values;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.interp.edit.ValueSearchOptions.Decay;
import org.alignment4j.interp.fact.FactPrompt;

/**
 * The loss of a change {@code delta} that is added at a hook point at the subject's last token:
 * mean over contexts of the mean negative log-probability of the answer's tokens, plus the
 * divergence of the essence prompt's continuation, plus decay; and its gradient.
 */
final class ValueLoss {

  private final HookedModel model;
  private final HookPoint<Axes.Residual> point;
  private final EditRequest request;
  private final ValueSearchOptions options;
  private final double length;
  private final double[] essenceBefore;
  private final List<TokenIds> sequences = new ArrayList<>();
  private final List<Integer> places = new ArrayList<>();
  private final List<LogitMetric> likelihoods = new ArrayList<>();

  /**
   * A loss.
   *
   * @param length the length of the value that the change is added to
   */
  ValueLoss(
      HookedModel model,
      HookPoint<Axes.Residual> point,
      EditRequest request,
      ValueSearchOptions options,
      double length,
      CancellationToken cancellation) {
    this.model = model;
    this.point = point;
    this.request = request;
    this.options = options;
    this.length = length;
    for (FactPrompt rewrite : request.rewrites()) {
      sequences.add(rewrite.cloze().sequence());
      places.add(rewrite.prompt().subjectLast());
      likelihoods.add(
          rewrite
              .cloze()
              .logProbability()
              .times(-1.0 / (rewrite.target().size() * request.rewrites().size())));
    }
    sequences.add(request.essence().tokens());
    places.add(request.essence().subjectLast());
    this.essenceBefore = essence(List.of(), cancellation);
  }

  /**
   * The loss and its parts.
   *
   * @param likelihood mean negative log-probability
   * @param divergence {@code KL(p_delta || p_0)} in nats, not weighted
   * @param decay the decay, weighted
   * @param total the sum
   * @param gradient of the total, {@code [dModel]}
   */
  record Result(
      double likelihood,
      double divergence,
      double decay,
      double total,
      ImmutableDoubleArray gradient) {}

  Result at(double[] delta, CancellationToken cancellation) {
    Intervention<Axes.Residual> essenceEdit =
        edit(delta, places.subList(places.size() - 1, places.size()), essenceLength());
    double[] essence = essence(List.of(essenceEdit), cancellation);
    double divergence = 0;
    double[] weights = new double[essence.length];
    for (int t = 0; t < essence.length; t++) {
      double p = Math.exp(essence[t]);
      divergence += p * (essence[t] - essenceBefore[t]);
      // d KL(p || p0) / d log p_t; that p sums to one is part of the log-softmax.
      weights[t] = options.divergenceFactor() * p * (essence[t] - essenceBefore[t] + 1);
    }
    List<LogitMetric> metrics = new ArrayList<>(likelihoods);
    metrics.add(divergenceGradient(weights));
    int longest = sequences.stream().mapToInt(TokenIds::size).max().orElseThrow();
    GradientResult run =
        model
            .forward(sequences)
            .with(List.of(edit(delta, places, longest)))
            .gradients(LogitMetric.each(metrics), List.of(point), cancellation);
    double likelihood = 0;
    for (int i = 0; i < likelihoods.size(); i++) {
      likelihood += run.metric()[i];
    }
    double[] gradient = sumAtPlaces(run.gradients().values(point));
    double decay = decay(delta, gradient);
    return new Result(
        likelihood,
        divergence,
        decay,
        likelihood + options.divergenceFactor() * divergence + decay,
        ImmutableDoubleArray.copyOf(gradient));
  }

  /** The decay; its gradient is added. */
  private double decay(double[] delta, double[] gradient) {
    double norm = Math.sqrt(Insertion.dot(delta, delta));
    double scale = options.decayFactor() / (length * length);
    boolean squared = options.decay() == Decay.SQUARED_NORM;
    for (int i = 0; i < delta.length && norm > 0; i++) {
      gradient[i] += scale * (squared ? 2 * delta[i] : delta[i] / norm);
    }
    return scale * (squared ? norm * norm : norm);
  }

  private static LogitMetric divergenceGradient(double[] weights) {
    Term term =
        new Term(
            -1,
            ImmutableIntArray.copyOf(IntStream.range(0, weights.length)),
            ImmutableDoubleArray.copyOf(weights));
    return new LogitMetric(
        LogitMetric.Form.LOG_PROBABILITIES, List.of(new LogitMetric.Row(0, List.of(term))));
  }

  private int essenceLength() {
    return request.essence().tokens().size();
  }

  /** Log-probabilities at the end of the essence prompt. */
  private double[] essence(
      List<Intervention<Axes.Residual>> edits, CancellationToken cancellation) {
    float[] logits =
        model.forward(request.essence().tokens()).with(edits).execute(cancellation).logits(0, -1);
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    double[] logProbabilities = new double[logits.length];
    for (int t = 0; t < logits.length; t++) {
      logProbabilities[t] = logits[t] - largest - Math.log(sum);
    }
    return logProbabilities;
  }

  /** One edit for all rows, whatever their places, so that all searches share a graph. */
  private Intervention<Axes.Residual> edit(double[] delta, List<Integer> rows, int longest) {
    float[] values = new float[rows.size() * longest * delta.length];
    for (int row = 0; row < rows.size(); row++) {
      int start = (row * longest + rows.get(row)) * delta.length;
      for (int i = 0; i < delta.length; i++) {
        values[start + i] = (float) delta[i];
      }
    }
    return add(point, Values.of(new int[] {rows.size(), longest, delta.length}, values), 1);
  }

  private double[] sumAtPlaces(Values gradients) {
    int[] shape = gradients.shape();
    float[] data = gradients.toArray();
    double[] sum = new double[shape[2]];
    for (int row = 0; row < places.size(); row++) {
      int start = (row * shape[1] + places.get(row)) * shape[2];
      for (int i = 0; i < sum.length; i++) {
        sum[i] += data[start + i];
      }
    }
    return sum;
  }
}
