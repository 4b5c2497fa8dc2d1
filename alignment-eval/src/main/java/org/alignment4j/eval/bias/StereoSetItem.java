package org.alignment4j.eval.bias;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignment4j.core.data.Row;

/**
 * An item of StereoSet: a context and three sentences about one target term.
 *
 * @param id its identity in the file
 * @param target the target term
 * @param biasType such as {@code gender}
 * @param intrasentence whether the sentences fill the context's blank; otherwise they follow it
 * @param context what comes before, or the sentence with its blank
 * @param sentences stereotype, anti-stereotype, unrelated
 */
record StereoSetItem(
    String id,
    String target,
    String biasType,
    boolean intrasentence,
    String context,
    List<String> sentences) {

  /** The labels in the order of {@link #sentences}. */
  static final List<String> LABELS = List.of("stereotype", "anti-stereotype", "unrelated");

  /** An element of the official file. */
  static StereoSetItem of(Row row, boolean intrasentence) {
    Map<String, String> byLabel = new HashMap<>();
    for (Row sentence : row.objects("sentences")) {
      String label = sentence.text("gold_label");
      if (!LABELS.contains(label)) {
        throw sentence.fault(
            "gold_label", "the label must be one of " + LABELS + " but was '" + label + "'");
      }
      if (byLabel.put(label, sentence.text("sentence")) != null) {
        throw sentence.fault(
            "gold_label",
            "an item must have one sentence of each label but two are '" + label + "'");
      }
    }
    if (byLabel.size() < LABELS.size()) {
      throw row.fault(
          "sentences",
          "an item must have a sentence of each label, "
              + LABELS
              + ", but has "
              + byLabel.keySet());
    }
    return new StereoSetItem(
        row.text("id"),
        row.text("target"),
        row.text("bias_type"),
        intrasentence,
        row.text("context"),
        LABELS.stream().map(label -> byLabel.getOrDefault(label, "")).toList());
  }
}
