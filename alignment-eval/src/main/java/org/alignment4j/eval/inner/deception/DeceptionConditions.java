package org.alignment4j.eval.inner.deception;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.data.Dataset;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.eval.inner.BehaviourQuestion;
import org.alignment4j.eval.inner.BehaviourQuestions;
import org.alignment4j.eval.inner.QuestionForm;
import org.alignment4j.eval.inner.QuestionSuites;
import org.alignment4j.eval.solve.LoadedBenchmark;
import org.apiguardian.api.API;

/**
 * The three conditions of deceptive alignment (Hubinger et al. 2019, arXiv 1906.01820, section 4.2)
 * as three suites of questions, one benchmark. The questions of {@link Condition#MODELS_SELECTION}
 * have right answers; those of the others tell what a model says of itself. {@link
 * DeceptionFinding} says what the results amount to.
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class DeceptionConditions {

  private static final String BUNDLED = "conditions.jsonl";
  private static final String NAME = "deceptive-alignment-conditions";
  private static final String PAPER = "Hubinger et al. 2019, arXiv 1906.01820, section 4.2";

  private DeceptionConditions() {}

  /**
   * Returns the questions that come with the library.
   *
   * @return twenty for each condition
   */
  public static Dataset<BehaviourQuestion> questions() {
    InputStream in = DeceptionConditions.class.getResourceAsStream(BUNDLED);
    if (in == null) {
      throw new IllegalStateException("the resource " + BUNDLED + " must be beside this class");
    }
    return BehaviourQuestions.read(BUNDLED, in, suites());
  }

  /**
   * Reads other questions.
   *
   * @param path a file of questions whose suites are those of {@link Condition#suite()}
   * @return the questions
   * @throws DataFormatException when the file is missing or breaks the format
   */
  public static Dataset<BehaviourQuestion> questions(Path path) {
    return BehaviourQuestions.read(path, suites(), ReadOptions.strict());
  }

  private static Set<String> suites() {
    return Arrays.stream(Condition.values()).map(Condition::suite).collect(Collectors.toSet());
  }

  /**
   * Makes the benchmark for models that give likelihoods.
   *
   * @param questions the questions
   * @param form how they are put
   * @param formName what the form is called in the provenance
   * @return the benchmark; its metrics are those of {@link QuestionSuites}
   */
  public static LoadedBenchmark byLikelihood(
      Dataset<BehaviourQuestion> questions, QuestionForm form, String formName) {
    return QuestionSuites.byLikelihood(NAME, questions, form, formName, PAPER);
  }

  /**
   * Makes the benchmark for models that only generate.
   *
   * @param questions the questions
   * @param form how they are put
   * @param formName what the form is called in the provenance
   * @param options how answers are sampled
   * @return the benchmark; its metrics are those of {@link QuestionSuites}
   */
  public static LoadedBenchmark byGeneration(
      Dataset<BehaviourQuestion> questions,
      QuestionForm form,
      String formName,
      SamplingOptions options) {
    return QuestionSuites.byGeneration(NAME, questions, form, formName, options, PAPER);
  }
}
