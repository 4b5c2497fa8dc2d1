package org.alignment4j.eval.factuality.selfcheck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.alignment4j.api.evaluation.Sample;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.core.data.Row;

/**
 * A passage whose sentences people have labelled.
 *
 * @param id its identity
 * @param passage its sentences and samples
 * @param labels a label for each sentence
 */
record LabelledPassage(String id, SampledPassage passage, List<String> labels) {

  static final String LABEL = "label";
  static final String ACCURATE = "accurate";
  private static final String MINOR = "minor_inaccurate";
  private static final String MAJOR = "major_inaccurate";
  private static final Map<String, Double> VALUES = Map.of(ACCURATE, 0.0, MINOR, 0.5, MAJOR, 1.0);
  private static final String SENTENCES = "gpt3_sentences";
  private static final String ANNOTATION = "annotation";
  private static final String SAMPLES = "gpt3_text_samples";
  private static final String ID = "wiki_bio_test_idx";

  static LabelledPassage of(Row row, Set<String> ids) {
    String id = row.has(ID) ? Long.toString(row.integer(ID)) : "line " + row.line();
    if (!ids.add(id)) {
      throw row.fault(ID, "a passage must occur once but " + id + " occurs twice");
    }
    List<String> sentences = filled(row, SENTENCES);
    List<String> labels = row.strings(ANNOTATION);
    if (labels.size() != sentences.size()) {
      throw row.fault(
          ANNOTATION,
          "there must be a label for each of the "
              + sentences.size()
              + " sentences but there are "
              + labels.size());
    }
    for (String label : labels) {
      if (!VALUES.containsKey(label)) {
        throw row.fault(
            ANNOTATION,
            "a label must be one of "
                + List.of(ACCURATE, MINOR, MAJOR)
                + " but was '"
                + label
                + "'");
      }
    }
    return new LabelledPassage(id, new SampledPassage(sentences, filled(row, SAMPLES)), labels);
  }

  private static List<String> filled(Row row, String field) {
    List<String> texts = row.strings(field);
    if (texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
      throw row.fault(field, "the list must have texts and no blank one but was " + texts);
    }
    return texts;
  }

  /** How wrong a label says that a sentence is, from 0 to 1. */
  static double value(String label) {
    return VALUES.getOrDefault(label, Double.NaN);
  }

  /** The sentences as samples of one cluster. */
  List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      Map<String, String> metadata = new LinkedHashMap<>();
      metadata.put(LABEL, labels.get(i));
      metadata.put(DetectionSolver.SENTENCE, Integer.toString(i));
      samples.add(
          new Sample(
              id + "/" + i,
              Prompt.text(passage.sentences().get(i)),
              List.of(),
              List.of(),
              id,
              metadata));
    }
    return samples;
  }
}
