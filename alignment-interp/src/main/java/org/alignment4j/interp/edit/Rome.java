package org.alignment4j.interp.edit;

import static org.alignment4j.api.hook.HookPoints.mlpOut;
import static org.alignment4j.api.hook.HookPoints.mlpPost;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.apiguardian.api.API;

/**
 * Rank-one model editing (Meng et al. 2022): one layer's MLP is made to map the key of a subject to
 * a value that brings about another answer, {@code W' = W + r (C^-1 k*)^T / ((C^-1 k*)^T k)}, where
 * {@code r} is the change of the layer's MLP output that was searched. Several requests are edited
 * one after the other, each in the model that the one before it made. Immutable and thread-safe.
 *
 * @param options which layer, which keys, how the value is searched
 * @param metric C of that layer
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Rome(RomeOptions options, KeyMetric metric) implements FactEditor {

  /** Checks that nothing is missing. */
  public Rome {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(metric, "metric");
  }

  @Override
  public EditResult edit(
      DecoderModel model, List<EditRequest> requests, CancellationToken cancellation) {
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("an edit needs at least one request but had none");
    }
    List<FactEdit> facts = new ArrayList<>();
    try (SuccessiveEdits edits = new SuccessiveEdits(model)) {
      for (EditRequest request : requests) {
        EditResult one = edit(edits.model(), request, cancellation);
        edits.add(one.edit());
        facts.addAll(one.facts());
      }
      return new EditResult(edits.total(), facts);
    }
  }

  /**
   * Finds the change for one fact.
   *
   * @param model float32, without adapter; left as it is
   * @param request what is to be achieved
   * @param cancellation asks to stop, between steps of the search
   * @return the change, of rank one
   * @throws IllegalArgumentException when the model has no such layer, normalises what its MLPs
   *     give, the moments are of another layer or width, or the key cannot be mapped
   * @throws IllegalStateException when a weight is quantised or the model has an adapter
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  public EditResult edit(DecoderModel model, EditRequest request, CancellationToken cancellation) {
    int layer = options.layer();
    DownProjection projection = DownProjection.of(model, layer);
    metric.requireFits(layer, projection.keys());
    DownProjection.requirePlainOutput(model);
    List<double[][]> readings =
        SubjectReadings.read(model, request, List.of(mlpPost(layer), mlpOut(layer)), cancellation);
    double[] mean = SubjectReadings.mean(readings.get(0));
    boolean averaged = options.keys() == RomeOptions.Keys.AVERAGED;
    double[] key = averaged ? mean : readings.get(0)[0];
    double[] value = averaged ? SubjectReadings.mean(readings.get(1)) : readings.get(1)[0];
    ValueSearch.Found found =
        ValueSearch.run(model, mlpOut(layer), request, value, options.search(), cancellation);
    double[] delta = found.delta().toArray();
    WeightTensor changed = projection.plus(Insertion.single(metric, mean, key, delta));
    FactEdit fact =
        new FactEdit(
            request.id(),
            ImmutableDoubleArray.copyOf(key),
            ImmutableDoubleArray.copyOf(SubjectReadings.sum(value, delta)),
            found.losses(),
            found.likelihood(),
            found.divergence());
    return new EditResult(ModelEdit.of(model.weights(), List.of(changed)), List.of(fact));
  }
}
