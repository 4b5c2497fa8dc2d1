package org.alignment4j.interp.edit;

import java.util.List;
import org.alignment4j.runtime.DecoderModel;

/** Edits made one after the other, each in the model that those before it made. */
final class SuccessiveEdits implements AutoCloseable {

  private final DecoderModel original;
  private DecoderModel current;
  private ModelEdit total;

  SuccessiveEdits(DecoderModel original) {
    this.original = original;
    this.current = original;
    this.total = ModelEdit.of(original.weights(), List.of());
  }

  /** The model as edited so far; closed by the next edit and by {@link #close}. */
  DecoderModel model() {
    return current;
  }

  void add(ModelEdit next) {
    DecoderModel edited = next.apply(current);
    close();
    current = edited;
    total = total.then(next);
  }

  /** All edits as one. */
  ModelEdit total() {
    return total;
  }

  @Override
  public void close() {
    if (current != original) {
      current.close();
    }
  }
}
