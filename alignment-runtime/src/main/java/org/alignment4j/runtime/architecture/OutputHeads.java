package org.alignment4j.runtime.architecture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.runtime.checkpoint.ConfigJson;

/** How {@code config.json} says which head a checkpoint has. */
final class OutputHeads {

  private static final String CLASSES = "architectures";
  private static final String LABELS = "id2label";
  private static final String LABEL_COUNT = "num_labels";
  private static final String CLASSIFIER = "ForSequenceClassification";

  /** What Hugging Face takes where a configuration names no labels. */
  private static final int DEFAULT_LABELS = 2;

  private OutputHeads() {}

  /** The head by the class the checkpoint was saved from, or by its tensors where it names none. */
  static OutputHead read(ConfigJson config, Set<String> tensorNames) {
    List<String> classes = config.strings(CLASSES);
    boolean scores =
        classes.isEmpty()
            ? tensorNames.contains(OutputHead.SequenceScores.WEIGHT)
            : classes.stream().anyMatch(c -> c.endsWith(CLASSIFIER));
    return scores ? new OutputHead.SequenceScores(labels(config)) : new OutputHead.NextToken();
  }

  private static int labels(ConfigJson config) {
    ConfigJson names = config.object(LABELS);
    if (names == null) {
      return config.size(LABEL_COUNT, DEFAULT_LABELS);
    }
    if (names.keys().isEmpty()) {
      throw config.error(LABELS, LABELS + " must name at least one label but was empty");
    }
    return names.keys().size();
  }

  static ConfigJson classification(ConfigJson config, String classPrefix, int labels) {
    Map<String, Object> names = new LinkedHashMap<>();
    Map<String, Object> ids = new LinkedHashMap<>();
    for (int i = 0; i < labels; i++) {
      names.put(Integer.toString(i), "LABEL_" + i);
      ids.put("LABEL_" + i, i);
    }
    return config
        .with(CLASSES, List.of(classPrefix + CLASSIFIER))
        .with(LABELS, names)
        .with("label2id", ids)
        .without(LABEL_COUNT);
  }
}
