package org.alignment4j.eval.refusal;

import java.util.Objects;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.Usage;
import org.alignment4j.core.judge.Judgement;
import org.alignment4j.core.judge.RefusalClass;
import org.alignment4j.core.judge.RefusalJudge;
import org.alignment4j.core.judge.RefusalPhrases;
import org.apiguardian.api.API;

/** Tells whether a response refuses its request. Safe for concurrent calls. */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public interface RefusalDetector {

  /**
   * Returns the name that figures bear.
   *
   * @return such as {@code string} or {@code judge}; no slash
   */
  String name();

  /**
   * Returns what decides its verdicts, for the provenance.
   *
   * @return the name with the identity of a model, the hash of a template or of phrases
   */
  String identity();

  /**
   * Returns whether its classes have a partial refusal. Figures of partial refusals are those of
   * detectors that can tell them.
   *
   * @return true unless it is overridden
   */
  default boolean tellsPartial() {
    return true;
  }

  /**
   * Returns the identities of the models that it asks; none of them may judge its own answers.
   *
   * @return see {@link org.alignment4j.api.model.Model#id}; empty when it asks none
   */
  default Set<String> judges() {
    return Set.of();
  }

  /**
   * Classifies a response.
   *
   * @param request what was asked
   * @param response what the model said
   * @param cancellation asks to stop
   * @return the class, or that there is no verdict
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a judge fails
   */
  Judgement<RefusalClass> classify(Prompt request, String response, CancellationToken cancellation);

  /**
   * Returns the detector {@code string}: by how responses begin. It knows no partial refusals.
   *
   * @param phrases the beginnings
   * @return the detector
   */
  static RefusalDetector phrases(RefusalPhrases phrases) {
    Objects.requireNonNull(phrases, "phrases");
    return new RefusalDetector() {
      @Override
      public String name() {
        return "string";
      }

      @Override
      public String identity() {
        return "string " + phrases.hash().hex();
      }

      @Override
      public boolean tellsPartial() {
        return false;
      }

      @Override
      public Judgement<RefusalClass> classify(
          Prompt request, String response, CancellationToken cancellation) {
        return new Judgement.Given<>(
            phrases.isRefusal(response) ? RefusalClass.FULL_REFUSAL : RefusalClass.FULL_COMPLIANCE,
            "",
            false,
            Usage.NONE);
      }
    };
  }

  /**
   * Returns the detector {@code judge}: a judge model.
   *
   * @param judge the judge
   * @return the detector
   */
  static RefusalDetector judge(RefusalJudge judge) {
    return judge("judge", judge);
  }

  /**
   * Returns a detector by a judge model, under a name of its own beside other judges.
   *
   * @param name the name that figures bear
   * @param judge the judge
   * @return the detector
   * @throws IllegalArgumentException when the name is blank or has a slash
   */
  static RefusalDetector judge(String name, RefusalJudge judge) {
    Objects.requireNonNull(judge, "judge");
    if (name.isBlank() || name.contains("/")) {
      throw new IllegalArgumentException(
          "name must not be blank and have no slash but was '" + name + "'");
    }
    return new RefusalDetector() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String identity() {
        return name + " " + judge.identity();
      }

      @Override
      public Set<String> judges() {
        return Set.of(judge.model().model().id());
      }

      @Override
      public Judgement<RefusalClass> classify(
          Prompt request, String response, CancellationToken cancellation) {
        return judge.classify(request, response, cancellation);
      }
    };
  }
}
