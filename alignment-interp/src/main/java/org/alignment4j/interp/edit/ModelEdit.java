package org.alignment4j.interp.edit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.WeightTensor;
import org.alignment4j.runtime.checkpoint.Weights;
import org.apiguardian.api.API;

/**
 * A change of some of a model's weights that knows both what they were and what they become, so
 * that undoing it gives every bit back. Applying it makes a new {@link DecoderModel}, which is
 * saved as any other. Immutable and thread-safe; it holds the tensors, not the model.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class ModelEdit {

  private final Map<String, WeightTensor> before;
  private final Map<String, WeightTensor> after;

  private ModelEdit(Map<String, WeightTensor> before, Map<String, WeightTensor> after) {
    this.before = before;
    this.after = after;
  }

  /**
   * The edit that puts tensors in place of those of the same names.
   *
   * @param weights what is changed
   * @param changed the new tensors
   * @return the edit
   * @throws org.alignment4j.api.CheckpointException when there is no tensor of a name
   * @throws IllegalArgumentException when a shape differs
   * @throws IllegalStateException when a tensor is quantised
   */
  public static ModelEdit of(Weights weights, Collection<WeightTensor> changed) {
    Map<String, WeightTensor> before = new LinkedHashMap<>();
    Map<String, WeightTensor> after = new LinkedHashMap<>();
    for (WeightTensor tensor : changed) {
      DownProjection.requireFloat(weights, tensor.name());
      WeightTensor old = weights.get(tensor.name());
      if (!Arrays.equals(old.shape(), tensor.shape())) {
        throw new IllegalArgumentException(
            "an edit must keep the shape "
                + Arrays.toString(old.shape())
                + " of "
                + tensor.name()
                + " but gave "
                + Arrays.toString(tensor.shape()));
      }
      before.put(tensor.name(), old);
      after.put(tensor.name(), tensor);
    }
    return new ModelEdit(before, after);
  }

  /** Returns the names of the parameters that change. */
  public Set<String> names() {
    return Set.copyOf(after.keySet());
  }

  /**
   * The edited model.
   *
   * @param model a model whose weights are what this edit was made of
   * @return a new model, its adapter kept; the caller closes it
   * @throws IllegalArgumentException when a weight to be changed is not what it was
   * @throws IllegalStateException when the model is closed
   */
  public DecoderModel apply(DecoderModel model) {
    return replaced(model, before, after, "apply an edit to the model it was made of");
  }

  /**
   * The model as it was before this edit, in every bit.
   *
   * @param model a model whose weights are what this edit made
   * @return a new model, its adapter kept; the caller closes it
   * @throws IllegalArgumentException when a changed weight is not what this edit made of it
   * @throws IllegalStateException when the model is closed
   */
  public DecoderModel undo(DecoderModel model) {
    return replaced(model, after, before, "undo edits of the same weights in reverse order");
  }

  /**
   * This edit followed by another, as one.
   *
   * @param next an edit of what this one makes
   * @return the edit
   * @throws IllegalArgumentException when the other was made of other weights
   */
  public ModelEdit then(ModelEdit next) {
    Map<String, WeightTensor> first = new LinkedHashMap<>(before);
    Map<String, WeightTensor> last = new LinkedHashMap<>(after);
    next.before.forEach(
        (name, tensor) -> {
          WeightTensor made = after.get(name);
          if (made != null && !made.data().equals(tensor.data())) {
            throw new IllegalArgumentException(
                "the next edit must be of what this one makes but differs in " + name);
          }
          first.putIfAbsent(name, tensor);
        });
    last.putAll(next.after);
    return new ModelEdit(first, last);
  }

  /**
   * Returns how far a parameter moves: the Frobenius norm of its change.
   *
   * @param name the parameter
   * @throws IllegalArgumentException when this edit does not change it
   */
  public double norm(String name) {
    double squares = 0;
    for (float change : change(name)) {
      squares += (double) change * change;
    }
    return Math.sqrt(squares);
  }

  /**
   * Returns the change of a parameter, row major, in its own shape.
   *
   * @param name the parameter
   * @throws IllegalArgumentException when this edit does not change it
   */
  public float[] change(String name) {
    WeightTensor old = before.get(name);
    WeightTensor made = after.get(name);
    if (old == null || made == null) {
      throw new IllegalArgumentException(
          "this edit changes " + after.keySet() + " but was asked for " + name);
    }
    float[] change = new float[old.size()];
    for (int i = 0; i < change.length; i++) {
      change[i] = made.data().get(i) - old.data().get(i);
    }
    return change;
  }

  private static DecoderModel replaced(
      DecoderModel model,
      Map<String, WeightTensor> from,
      Map<String, WeightTensor> to,
      String remedy) {
    List<String> differing = new ArrayList<>();
    from.forEach(
        (name, tensor) -> {
          if (!model.weights().get(name).data().equals(tensor.data())) {
            differing.add(name);
          }
        });
    if (!differing.isEmpty()) {
      throw new IllegalArgumentException(
          "the model's weights must be those that the edit starts from but differ in "
              + differing
              + "; "
              + remedy);
    }
    return model.withWeights(model.weights().with(to.values()));
  }
}
