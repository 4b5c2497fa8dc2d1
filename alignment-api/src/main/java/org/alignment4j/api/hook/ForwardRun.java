package org.alignment4j.api.hook;

import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.apiguardian.api.API;

/**
 * A forward run that declares what it reads and what it changes before it happens. Nothing is
 * global: a run leaves its model as it was. Immutable: every method returns a new declaration.
 */
@API(status = API.Status.STABLE, since = "0.1")
public interface ForwardRun {

  /**
   * Keeps the activations at hook points, as they are after all edits.
   *
   * @param points what to keep
   * @return the longer declaration
   * @throws IllegalArgumentException when this model lacks a point that was named for certain
   *     layers; the message lists the nearest
   */
  ForwardRun cache(HookPointSet<?>... points);

  /**
   * Changes activations.
   *
   * @param points where in the model
   * @param edit which places, and what happens to them
   * @param <A> the axes of the hook points
   * @return the longer declaration
   * @throws IllegalArgumentException when this model lacks a point, or the edit does not fit it
   */
  default <A extends Axes> ForwardRun at(HookPointSet<A> points, SelectedEdit<? super A> edit) {
    return with(List.of(Intervention.at(points, edit)));
  }

  /**
   * Changes activations.
   *
   * @param interventions what to change, in order
   * @return the longer declaration
   * @throws IllegalArgumentException when this model lacks a point, or an edit does not fit it
   */
  ForwardRun with(List<? extends Intervention<?>> interventions);

  /**
   * Changes activations.
   *
   * @param interventions what to change, in order
   * @return the longer declaration
   * @throws IllegalArgumentException when this model lacks a point, or an edit does not fit it
   */
  default ForwardRun with(Intervention<?>... interventions) {
    return with(List.of(interventions));
  }

  /**
   * Starts the run at a layer, so that nothing before it is computed: where many runs of the same
   * sequences differ from a layer on, the layers before it are needed once. Edits of points before
   * the layer change nothing, since the stream is taken to have them already.
   *
   * @param layer the first layer that is computed, from 0
   * @param stream what {@code blocks.layer.hook_resid_pre} has in a run of these sequences, {@code
   *     [batch, position, dModel]}; of padding anything finite
   * @return the shorter run
   * @throws IllegalArgumentException when the model has no such layer, the run stops before it or
   *     keeps a point before it that was named for certain layers, or the stream has another shape
   */
  ForwardRun startAtLayer(int layer, Values stream);

  /**
   * Ends the run before a layer, so that nothing after it is computed.
   *
   * @param layer the first layer that is not computed, from 0
   * @return the shorter run
   * @throws IllegalArgumentException when the model has no such layer, the run starts at it or
   *     later, or it keeps a point after it that was named for certain layers
   */
  ForwardRun stopAtLayer(int layer);

  /**
   * Runs.
   *
   * @param cancellation asks to stop
   * @return logits and activations
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  ForwardResult execute(CancellationToken cancellation);

  /**
   * Runs.
   *
   * @return logits and activations
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default ForwardResult execute() {
    return execute(CancellationToken.none());
  }

  /**
   * Runs and measures: only the logits that the metric reads are computed.
   *
   * @param metric the number of each sequence
   * @param cancellation asks to stop
   * @return the metric, and the activations to keep
   * @throws IllegalArgumentException when the metric does not fit the sequences or the vocabulary
   * @throws IllegalStateException when the run stops at a layer
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  MetricResult measure(LogitMetric metric, CancellationToken cancellation);

  /**
   * Runs and measures, as {@link #measure(LogitMetric, CancellationToken)} does.
   *
   * @param metric the number of each sequence
   * @return the metric, and the activations to keep
   * @throws IllegalArgumentException as the long form does
   * @throws IllegalStateException as the long form does
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default MetricResult measure(LogitMetric metric) {
    return measure(metric, CancellationToken.none());
  }

  /**
   * Runs forward and back: the gradients of a metric with respect to activations. Weights have no
   * part in it, so the backward pass costs about what the forward pass does.
   *
   * @param metric the number of each sequence that is differentiated
   * @param points the activations with respect to which
   * @param cancellation asks to stop
   * @return the metric, the activations to keep, and the gradients
   * @throws IllegalArgumentException when no point is named, this model lacks one, the metric does
   *     not fit the sequences or the vocabulary, or a norm before attention is wanted or changed
   *     together with the input of one of its heads
   * @throws IllegalStateException when the run stops at a layer, or a Java function changes
   *     activations, whose derivative is not known
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  GradientResult gradients(
      LogitMetric metric, List<? extends HookPointSet<?>> points, CancellationToken cancellation);

  /**
   * Runs forward and back, as {@link #gradients(LogitMetric, List, CancellationToken)} does.
   *
   * @param metric the number of each sequence that is differentiated
   * @param points the activations with respect to which
   * @return the metric, the activations to keep, and the gradients
   * @throws IllegalArgumentException as the long form does
   * @throws IllegalStateException as the long form does
   * @throws org.alignment4j.api.ModelExecutionException when the model fails
   */
  default GradientResult gradients(LogitMetric metric, HookPointSet<?>... points) {
    return gradients(metric, List.of(points), CancellationToken.none());
  }
}
