package org.alignment4j.rlhf.feedback;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.provenance.ContentHash;
import org.alignment4j.core.journal.Journal;
import org.alignment4j.core.journal.PlainJson;
import org.jspecify.annotations.Nullable;

/** Scores in a file, by scorer, feedback and new answers; none is asked for twice. */
final class ScoreJournal implements AutoCloseable {

  private static final String SCORES = "scores";

  private final Journal journal;

  private ScoreJournal(Journal journal) {
    this.journal = journal;
  }

  static ScoreJournal open(Path path) {
    return new ScoreJournal(Journal.open(path, Map.of("content", "refinement scores")));
  }

  double[] scores(
      RefinementScorer scorer,
      LanguageFeedback feedback,
      List<String> refinements,
      CancellationToken cancellation) {
    Map<String, Object> question = new LinkedHashMap<>();
    question.put("scorer", scorer.id());
    question.put("prompt", feedback.prompt().toString());
    question.put("answer", feedback.answer());
    question.put("feedback", feedback.feedback());
    question.put("refinements", refinements);
    ContentHash key = PlainJson.key(question);
    Optional<Map<String, @Nullable Object>> known = journal.get(key);
    if (known.isPresent() && known.get().get(SCORES) instanceof List<?> list) {
      return list.stream().mapToDouble(v -> Double.parseDouble(String.valueOf(v))).toArray();
    }
    double[] scores = scorer.score(feedback, refinements, cancellation);
    List<Object> texts = new ArrayList<>();
    for (double score : scores) {
      // a double's text gives back the double
      texts.add(Double.toString(score));
    }
    journal.put(key, Map.of(SCORES, texts));
    return scores;
  }

  @Override
  public void close() {
    journal.close();
  }
}
