package org.alignment4j.interp.feature;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignment4j.api.hook.ActivationFunction;
import org.alignment4j.api.hook.Axes;
import org.alignment4j.api.hook.Edit;
import org.alignment4j.api.hook.HookPoint;
import org.alignment4j.api.hook.Intervention;
import org.alignment4j.api.hook.Selection;
import org.apiguardian.api.API;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Interventions through the features of a sparse autoencoder, at its hook point. Their names are
 * made of its weights, so that a changed model has the same id whenever it is built. All but
 * steering refuse an autoencoder that was not {@linkplain SparseAutoencoder#requireFolded folded}.
 * Stateless.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FeatureInterventions {
  private FeatureInterventions() {}

  /**
   * Replaces activations by their reconstruction.
   *
   * @param sae the autoencoder
   * @param where which places; along positions only
   * @return the intervention
   * @throws IllegalArgumentException for a transcoder, which reads another point than it writes
   */
  public static Intervention<?> replace(SparseAutoencoder sae, Selection where) {
    requireAutoencoder(sae);
    return at(
        sae.config().site().point(),
        named(
            "sae " + sae.contentHash(), sae, rows -> sae.reconstruction(sae.features(rows), rows)),
        where);
  }

  /**
   * Changes features and leaves everything else as it is: {@code x' = x̂(f') + (x − x̂(f))}, where
   * {@code x − x̂(f)} is what the autoencoder does not explain. A row in which no feature changes
   * keeps its bits.
   *
   * @param sae the autoencoder
   * @param edits what happens to which features, each named once
   * @param where which places; along positions only
   * @return the intervention
   * @throws IllegalArgumentException when there is no edit, a feature does not exist or is named
   *     twice, or for a transcoder, which reads another point than it writes
   */
  public static Intervention<?> edit(
      SparseAutoencoder sae, List<? extends FeatureEdit> edits, Selection where) {
    requireAutoencoder(sae);
    List<FeatureEdit> all = List.copyOf(edits);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("edits must not be empty");
    }
    Set<Integer> seen = new HashSet<>();
    for (FeatureEdit edit : all) {
      sae.requireFeature(edit.feature());
      if (!seen.add(edit.feature())) {
        throw new IllegalArgumentException(
            "edits must name each feature once but feature " + edit.feature() + " was named twice");
      }
    }
    return at(
        sae.config().site().point(),
        named("features " + all + " of sae " + sae.contentHash(), sae, new EditedRows(sae, all)),
        where);
  }

  /**
   * Sets features to zero and leaves everything else as it is.
   *
   * @param sae the autoencoder
   * @param features which features
   * @return the intervention, at all positions
   * @throws IllegalArgumentException as {@link #edit} says
   */
  public static Intervention<?> ablate(SparseAutoencoder sae, int... features) {
    return edit(
        sae,
        IntStream.of(features).mapToObj(feature -> new FeatureEdit.Put(feature, 0)).toList(),
        Selection.ALL);
  }

  /**
   * Adds the direction that a feature writes, whether or not it is active: {@code x' = x +
   * coefficient · W_dec[feature]}. Compiled into the model's graph. For transcoders too, at the
   * point they write.
   *
   * @param sae the autoencoder
   * @param feature which feature
   * @param coefficient how much, in units of its activation
   * @param where which places; along positions only
   * @return the intervention
   * @throws IllegalArgumentException when there is no such feature, the coefficient is not finite,
   *     or vectors there have several axes
   */
  public static Intervention<?> steer(
      SparseAutoencoder sae, int feature, double coefficient, Selection where) {
    HookPoint<?> point = sae.config().site().output();
    if (point.kind().axes().size() != 3) {
      throw new IllegalArgumentException(
          "steering needs a hook point of one vector a position but "
              + point
              + " has "
              + point.kind().axes()
              + "; use an edit");
    }
    return new Intervention<>(point, where, new Edit.Add(sae.direction(feature), coefficient));
  }

  static Intervention<?> at(HookPoint<?> point, ActivationFunction function) {
    return at(point, function, Selection.ALL);
  }

  private static <A extends Axes> Intervention<A> at(
      HookPoint<A> point, ActivationFunction function, Selection where) {
    return new Intervention<>(point, where, new Edit.Custom(function));
  }

  /** What is made of rows {@code [n, d]}: rows of the same shape, or the argument itself. */
  @FunctionalInterface
  interface RowFunction {
    float[] apply(float[] rows);
  }

  private static ActivationFunction named(
      String name, SparseAutoencoder sae, RowFunction function) {
    return ActivationFunction.named(
        name,
        (value, call) -> {
          float[] rows = value.dup('c').data().asFloat();
          int size = sae.config().inputSize();
          if (rows.length % size != 0 || rows.length / size != value.size(0) * value.size(1)) {
            throw new IllegalArgumentException(
                "vectors at "
                    + call.point()
                    + " must have the "
                    + size
                    + " numbers of the sparse autoencoder but have "
                    + rows.length / (value.size(0) * value.size(1))
                    + "; use it with the model it was trained on");
          }
          float[] changed = function.apply(rows);
          if (changed == rows) {
            return value;
          }
          INDArray flat = Nd4j.createFromArray(changed);
          return flat.reshape('c', value.shape());
        });
  }

  private static void requireAutoencoder(SparseAutoencoder sae) {
    sae.requireFolded();
    SaeSite site = sae.config().site();
    if (site.target().isPresent()) {
      throw new IllegalArgumentException(
          "features of a transcoder cannot be edited at one hook point: it reads "
              + site.point()
              + " and writes "
              + site.output()
              + "; steer along a feature's direction, or add a multiple of it there");
    }
  }
}
