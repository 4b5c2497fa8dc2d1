package org.alignment4j.interp.edit;

import static org.alignment4j.api.hook.HookPoints.mlpPost;
import static org.alignment4j.api.hook.HookPoints.residPost;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Mass editing (Meng et al. 2023, section 4.3): for each fact the state {@code z} after the last of
 * some layers that brings about another answer is searched; then each of these layers in turn takes
 * its share of what is still lacking, {@code D = (Z - H) / (layers left)}, by {@code D K^T (lambda
 * C + K K^T)^-1}, keys and states read in the model that the layers before it made. As in the MEMIT
 * code, a fact's key is the mean of the bare prompt's and of the mean of those in contexts. The
 * order of the facts has no effect. Immutable and thread-safe.
 *
 * @param options which layers, how states are searched
 * @param metrics C of each of these layers, in their order
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record Memit(MemitOptions options, List<KeyMetric> metrics) implements FactEditor {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException when there is not one metric for each layer
   */
  public Memit {
    Objects.requireNonNull(options, "options");
    metrics = List.copyOf(metrics);
    if (metrics.size() != options.layers().size()) {
      throw new IllegalArgumentException(
          "there must be one metric for each of the layers "
              + options.layers()
              + " but there were "
              + metrics.size());
    }
  }

  @Override
  public EditResult edit(
      DecoderModel model, List<EditRequest> requests, CancellationToken cancellation) {
    if (requests.isEmpty()) {
      throw new IllegalArgumentException("an edit needs at least one request but had none");
    }
    DownProjection.requirePlainOutput(model);
    for (int i = 0; i < metrics.size(); i++) {
      int layer = options.layers().get(i);
      metrics.get(i).requireFits(layer, DownProjection.of(model, layer).keys());
    }
    List<FactEdit> facts = new ArrayList<>();
    for (EditRequest request : requests) {
      facts.add(search(model, request, cancellation));
    }
    try (SuccessiveEdits edits = new SuccessiveEdits(model)) {
      for (int i = 0; i < options.layers().size(); i++) {
        edits.add(share(edits.model(), i, requests, facts, cancellation));
      }
      return new EditResult(edits.total(), facts);
    }
  }

  private FactEdit search(DecoderModel model, EditRequest request, CancellationToken cancellation) {
    int last = options.lastLayer();
    List<double[][]> readings =
        SubjectReadings.read(model, request, List.of(mlpPost(last), residPost(last)), cancellation);
    double[] state = readings.get(1)[0];
    ValueSearch.Found found =
        ValueSearch.run(model, residPost(last), request, state, options.search(), cancellation);
    return new FactEdit(
        request.id(),
        ImmutableDoubleArray.copyOf(SubjectReadings.meanByKind(readings.get(0))),
        ImmutableDoubleArray.copyOf(SubjectReadings.sum(state, found.delta().toArray())),
        found.losses(),
        found.likelihood(),
        found.divergence());
  }

  private ModelEdit share(
      DecoderModel model,
      int index,
      List<EditRequest> requests,
      List<FactEdit> facts,
      CancellationToken cancellation) {
    int layer = options.layers().get(index);
    int left = options.layers().size() - index;
    List<double[]> keys = new ArrayList<>();
    List<double[]> residuals = new ArrayList<>();
    for (int f = 0; f < requests.size(); f++) {
      cancellation.throwIfCancelled("the edit of a layer");
      List<double[][]> readings =
          SubjectReadings.read(
              model,
              requests.get(f),
              List.of(mlpPost(layer), residPost(options.lastLayer())),
              cancellation);
      keys.add(SubjectReadings.meanByKind(readings.get(0)));
      double[] state = readings.get(1)[0];
      ImmutableDoubleArray wanted = facts.get(f).value();
      double[] residual = new double[state.length];
      Arrays.setAll(residual, i -> (wanted.get(i) - state[i]) / left);
      residuals.add(residual);
    }
    double[][] delta = Insertion.joint(metrics.get(index), keys, residuals, options.lambda());
    return ModelEdit.of(model.weights(), List.of(DownProjection.of(model, layer).plus(delta)));
  }
}
