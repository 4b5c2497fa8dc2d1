package org.alignment4j.rlhf;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.runtime.engine.DecoderEngine;
import org.alignment4j.runtime.train.LoraAdapter;
import org.alignment4j.runtime.train.Objective;
import org.alignment4j.runtime.train.Trainable;
import org.alignment4j.runtime.train.TrainingOptions;

/** Everything the result of a {@link PolicyRun} depends on, by name. */
final class PolicyRunDescription {

  private PolicyRunDescription() {}

  static Map<String, String> of(
      String task,
      DecoderEngine engine,
      Trainable trainable,
      Objective objective,
      PolicySource source,
      TrainingOptions options) {
    Map<String, String> values = new TreeMap<>();
    values.put("task", task);
    values.put("model_type", engine.architecture().config().modelType());
    values.put("architecture", ContentHash.of(engine.architecture().toString()).toString());
    values.put("weights", trainable.base().contentHash());
    values.put("trained", trained(trainable));
    values.put("objective", objective.key().toString());
    values.put("steps", Long.toString(source.steps()));
    values.put("optimizer", options.optimizer().toString());
    values.put("schedule", options.schedule().toString());
    values.put("max_gradient_norm", Double.toString(options.maxGradientNorm()));
    if (options.noise().isPresent()) {
      values.put("noise", options.noise().toString());
    }
    source.description().forEach((name, value) -> values.put("data." + name, value));
    return values;
  }

  private static String trained(Trainable trainable) {
    if (trainable instanceof Trainable.Adapter adapter) {
      LoraAdapter start = adapter.start();
      return "adapter of rank %s, scale %s, %s"
          .formatted(start.config().rank(), start.config().scale(), start.tensors().contentHash());
    }
    Set<String> names = ((Trainable.FullWeights) trainable).names();
    return names.size() + " tensors, names " + ContentHash.of(String.join("\n", names));
  }
}
