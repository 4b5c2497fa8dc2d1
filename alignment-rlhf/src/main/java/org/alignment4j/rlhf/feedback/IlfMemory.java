package org.alignment4j.rlhf.feedback;

import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.core.journal.ResponseCache;
import org.jspecify.annotations.Nullable;

/** What models answered and how new answers scored, in a folder or nowhere. Owned by one run. */
record IlfMemory(@Nullable ResponseCache responses, @Nullable ScoreJournal scores)
    implements AutoCloseable {

  static IlfMemory open(@Nullable Path folder) {
    if (folder == null) {
      return new IlfMemory(null, null);
    }
    ResponseCache responses = ResponseCache.open(folder.resolve("responses.jsonl"));
    try {
      return new IlfMemory(responses, ScoreJournal.open(folder.resolve("scores.jsonl")));
    } catch (RuntimeException | Error e) {
      responses.close();
      throw e;
    }
  }

  /** The model, asked only for what is not known. */
  LanguageModel remembering(LanguageModel model) {
    return responses == null ? model : responses.caching(model);
  }

  double[] scores(
      RefinementScorer scorer,
      LanguageFeedback feedback,
      List<String> refinements,
      CancellationToken cancellation) {
    return scores == null
        ? scorer.score(feedback, refinements, cancellation)
        : scores.scores(scorer, feedback, refinements, cancellation);
  }

  @Override
  public void close() {
    try {
      if (scores != null) {
        scores.close();
      }
    } finally {
      if (responses != null) {
        responses.close();
      }
    }
  }
}
