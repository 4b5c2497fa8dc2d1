package org.alignment4j.interp.diff;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.hook.LogitMetric;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.runtime.DecoderModel;

/** A metric of the logits after each of several prompts, in batches. */
record MetricBehaviour(List<TokenIds> prompts, LogitMetric metric, int batch) implements Behaviour {

  MetricBehaviour {
    prompts = List.copyOf(prompts);
    if (prompts.isEmpty() || batch < 1) {
      throw new IllegalArgumentException(
          "prompts and batch must be at least one but were " + prompts.size() + " and " + batch);
    }
    int rows = metric.rows().size();
    if (rows != 1 && rows != prompts.size()) {
      throw new IllegalArgumentException(
          "the metric must have one row for all of the "
              + prompts.size()
              + " prompts or one for each but has "
              + rows);
    }
  }

  @Override
  public double[] of(DecoderModel model, CancellationToken cancellation) {
    double[] values = new double[prompts.size()];
    boolean shared = metric.rows().size() == 1;
    for (int from = 0; from < values.length; from += batch) {
      cancellation.throwIfCancelled("measurement of a behaviour");
      int to = Math.min(values.length, from + batch);
      LogitMetric rows =
          shared ? metric : new LogitMetric(metric.form(), metric.rows().subList(from, to));
      double[] some = model.forward(prompts.subList(from, to)).measure(rows, cancellation).metric();
      System.arraycopy(some, 0, values, from, some.length);
    }
    return values;
  }
}
