package org.alignment4j.runtime.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.jspecify.annotations.Nullable;

/**
 * What {@code config.json} says of a sequence classifier. Immutable.
 *
 * @param labels name of each, in the order of the logits
 * @param problem what the logits mean
 * @param maxTokens most tokens of a sequence, by its positions
 * @param padTokenId padding id, if the configuration names one
 */
public record ClassifierConfig(
    List<String> labels, Problem problem, int maxTokens, @Nullable Integer padTokenId) {

  /** What the logits of a classifier mean. */
  public enum Problem {
    /** One label is right: softmax. */
    SINGLE_LABEL,
    /** Each label may be right: sigmoid of each. */
    MULTI_LABEL,
    /** The logits are the answer. */
    REGRESSION
  }

  private static final int MAX_LABELS = 100_000;

  /** Families whose positions begin after the padding token's id. */
  private static final Set<String> PADDED_POSITIONS =
      Set.of(
          "camembert",
          "data2vec-text",
          "longformer",
          "mpnet",
          "roberta",
          "roberta-prelayernorm",
          "xlm-roberta",
          "xlm-roberta-xl");

  /** Copies the labels. */
  public ClassifierConfig {
    labels = List.copyOf(labels);
  }

  /**
   * Reads a configuration.
   *
   * @param json content of {@code config.json}
   * @param width number of logits, or −1 where the ONNX file leaves it open
   * @throws org.alignment4j.api.CheckpointException if the labels do not fit the logits, or the
   *     problem type is unknown
   */
  static ClassifierConfig read(ConfigJson json, long width) {
    ConfigJson names = json.object("id2label");
    int count = names == null ? -1 : names.keys().size();
    if (count < 0 && json.has("num_labels")) {
      count = json.requiredSize("num_labels");
    }
    if (count < 0) {
      // The default of the library that wrote the configuration.
      count = width > 0 ? Math.toIntExact(width) : 2;
    }
    if (width > 0 && width != count || count == 0) {
      throw json.error(
          "id2label",
          "id2label must name the %s logits of the ONNX file but names %s".formatted(width, count));
    }
    if (count > MAX_LABELS) {
      throw json.error(
          "num_labels",
          "a classifier must have at most %s labels but has %s".formatted(MAX_LABELS, count));
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = names == null ? "LABEL_" + i : names.string(Integer.toString(i));
      if (name == null) {
        throw json.error(
            "id2label", "id2label must name labels 0 to " + (count - 1) + " but lacks " + i);
      }
      labels.add(name);
    }
    Integer pad = json.integer("pad_token_id");
    Integer named = pad == null || pad < 0 ? null : pad;
    return new ClassifierConfig(labels, problem(json, count), positions(json, named), named);
  }

  /** Where none is named, that of Hugging Face's text-classification pipeline. */
  private static Problem problem(ConfigJson json, int labels) {
    String type = json.string("problem_type");
    if (type == null) {
      return labels == 1 ? Problem.MULTI_LABEL : Problem.SINGLE_LABEL;
    }
    return switch (type) {
      case "single_label_classification" -> Problem.SINGLE_LABEL;
      case "multi_label_classification" -> Problem.MULTI_LABEL;
      case "regression" -> Problem.REGRESSION;
      default ->
          throw json.error(
              "problem_type",
              "problem_type must be single_label_classification, multi_label_classification or"
                  + " regression but was '"
                  + type
                  + "'");
    };
  }

  private static int positions(ConfigJson json, @Nullable Integer pad) {
    for (String key : List.of("max_position_embeddings", "n_positions", "n_ctx")) {
      if (json.has(key)) {
        int all = json.requiredSize(key);
        boolean padded = PADDED_POSITIONS.contains(String.valueOf(json.string("model_type")));
        int positions = padded ? all - (pad == null ? 1 : pad) - 1 : all;
        if (positions < 1) {
          throw json.error(
              key,
              "%s must exceed pad_token_id by more than one, since positions begin after it, but was %s beside %s"
                  .formatted(key, all, pad));
        }
        return positions;
      }
    }
    return Integer.MAX_VALUE;
  }
}
