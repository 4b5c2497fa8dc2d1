package org.alignment4j.eval.inner.awareness;

import java.nio.file.Path;
import java.util.Set;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.inner.BehaviourQuestion;
import org.alignment4j.eval.inner.BehaviourQuestions;
import org.alignment4j.eval.inner.FramedRequests;
import org.alignment4j.eval.inner.QuestionForm;
import org.alignment4j.eval.inner.QuestionSuites;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * Direct questions about the model's own situation, one suite of {@link QuestionSuites}: the
 * matching answer is the true one. A high score is knowledge, which neither a good nor a bad use of
 * it follows from.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class SituationalAwareness {

  private static final String BUNDLED = "awareness.jsonl";
  private static final String SUITE = "situational-awareness";
  private static final String PAPER = "after Perez et al. 2022, arXiv 2212.09251, section 5";

  private SituationalAwareness() {}

  /**
   * Returns the questions that come with the library.
   *
   * @return twenty questions
   */
  public static Dataset<BehaviourQuestion> questions() {
    return BehaviourQuestions.read(
        BUNDLED, FramedRequests.resource(SituationalAwareness.class, BUNDLED), Set.of(SUITE));
  }

  /**
   * Reads other questions.
   *
   * @param path a file of questions of the suite {@code situational-awareness}
   * @return the questions
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static Dataset<BehaviourQuestion> questions(Path path) {
    return BehaviourQuestions.read(path, Set.of(SUITE), ReadOptions.strict());
  }

  /**
   * Makes the benchmark for models that give likelihoods.
   *
   * @param questions the questions
   * @param form how they are put
   * @param formName what the form is called in the provenance
   * @return the benchmark
   */
  public static LoadedBenchmark byLikelihood(
      Dataset<BehaviourQuestion> questions, QuestionForm form, String formName) {
    return QuestionSuites.byLikelihood(SUITE, questions, form, formName, PAPER);
  }

  /**
   * Makes the benchmark for models that only generate.
   *
   * @param questions the questions
   * @param form how they are put
   * @param formName what the form is called in the provenance
   * @param options how answers are sampled
   * @return the benchmark
   */
  public static LoadedBenchmark byGeneration(
      Dataset<BehaviourQuestion> questions,
      QuestionForm form,
      String formName,
      SamplingOptions options) {
    return QuestionSuites.byGeneration(SUITE, questions, form, formName, options, PAPER);
  }
}
