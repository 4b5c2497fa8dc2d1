package org.alignment4j.rlhf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.runtime.train.CheckpointPart;
import org.alignment4j.runtime.train.Metrics;
import org.alignment4j.runtime.train.ModelRun;
import org.alignment4j.runtime.train.PresentModel;
import org.alignment4j.runtime.train.StateTensor;
import org.alignment4j.runtime.train.TrainingCheckpoint;

/** A {@link PolicyTraining} as a run whose policy is looked at, saved and taken up again. */
record SteppedPolicy(PolicyTraining training) implements ModelRun {

  @Override
  public long steps() {
    return training.steps();
  }

  @Override
  public Metrics step(long number) {
    return training.step();
  }

  @Override
  public PresentModel model() {
    return new PresentModel(policy().trainable(), policy().step());
  }

  @Override
  public List<CheckpointPart> parts() {
    List<CheckpointPart> parts = new ArrayList<>();
    training.networks().forEach(network -> parts.addAll(network.parts()));
    return parts;
  }

  @Override
  public Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>(training.state().values());
    values.putAll(training.memory().values());
    for (Network network : training.networks()) {
      values.put(network.updatesKey(), Long.toString(network.updates()));
    }
    return values;
  }

  @Override
  public void resume(TrainingCheckpoint checkpoint, Map<String, String> values) {
    training.networks().forEach(network -> network.restore(checkpoint));
    training.resumeAt(checkpoint.step(), training.state().restored(values));
    training.memory().resume(values);
  }

  @Override
  public List<StateTensor> parameters() {
    return policy().parameters();
  }

  @Override
  public void restore(TrainingCheckpoint checkpoint) {
    policy().restoreParameters(checkpoint);
  }

  private Network policy() {
    return training.networks().get(0);
  }
}
