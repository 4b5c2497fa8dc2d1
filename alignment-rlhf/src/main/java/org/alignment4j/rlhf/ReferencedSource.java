package org.alignment4j.rlhf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.StateTensor;
import org.alignment4j.runtime.train.UpdateSource;

/**
 * Updates that depend on a reference besides all else, which a run is described by.
 *
 * @param source the updates
 * @param reference by name
 */
record ReferencedSource(UpdateSource source, Map<String, String> reference)
    implements UpdateSource {

  /** The source itself where it depends on no reference that was given. */
  static UpdateSource of(UpdateSource source, ReferenceModel reference) {
    Map<String, String> description = reference.describe();
    return description.isEmpty() ? source : new ReferencedSource(source, description);
  }

  @Override
  public long steps() {
    return source.steps();
  }

  @Override
  public void begin(PresentModel model) {
    source.begin(model);
  }

  @Override
  public Update at(long step, PresentModel model) {
    return source.at(step, model);
  }

  @Override
  public Map<String, String> description() {
    Map<String, String> description = new LinkedHashMap<>(source.description());
    description.putAll(reference);
    return description;
  }

  @Override
  public Map<String, String> state() {
    return source.state();
  }

  @Override
  public List<StateTensor> tensors() {
    return source.tensors();
  }

  @Override
  public void resume(Map<String, String> state) {
    source.resume(state);
  }
}
