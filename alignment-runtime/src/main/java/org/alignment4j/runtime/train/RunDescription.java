package org.alignment4j.runtime.train;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.files.Sha256;
import org.alignment4j.runtime.architecture.Architecture;

/** Everything the result of a run depends on, by name. */
final class RunDescription {
  private RunDescription() {}

  static Map<String, String> of(
      String task,
      Architecture architecture,
      Trainable trainable,
      Objective objective,
      UpdateSource source,
      TrainingOptions options) {
    Map<String, String> values = new TreeMap<>();
    values.put("task", task);
    values.put("model_type", architecture.config().modelType());
    values.put("architecture", ContentHash.of(architecture.toString()).toString());
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
    options.adversary().ifPresent(adversary -> values.put("adversary", adversary.toString()));
    options.hooks().description().ifPresent(hooks -> values.put(RunConfiguration.STOPPING, hooks));
    source.description().forEach((name, value) -> values.put("data." + name, value));
    return values;
  }

  private static String trained(Trainable trainable) {
    if (trainable instanceof Trainable.Adapter adapter) {
      LoraAdapter start = adapter.start();
      return "adapter of rank "
          + start.config().rank()
          + ", scale "
          + start.config().scale()
          + (start.decomposed().isEmpty() ? "" : ", with magnitudes")
          + ", sha256 "
          + start.tensors().contentHash()
          + (adapter.names().isEmpty() ? "" : " and " + tensors(adapter.names()));
    }
    return tensors(((Trainable.FullWeights) trainable).names());
  }

  private static String tensors(Set<String> names) {
    MessageDigest digest = Sha256.digest();
    digest.update(String.join("\n", names).getBytes(StandardCharsets.UTF_8));
    return names.size() + " tensors, sha256 of the names " + Sha256.hex(digest);
  }
}
