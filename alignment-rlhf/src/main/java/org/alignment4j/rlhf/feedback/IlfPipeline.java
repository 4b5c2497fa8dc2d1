package org.alignment4j.rlhf.feedback;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.core.judge.RefusalPhrases;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Imitation learning from language feedback (Scheurer et al. 2022, arXiv 2204.14146, and 2023,
 * arXiv 2303.16755): answers get feedback in words, a model writes each anew several times with it,
 * and the new answer that works it in best becomes an example for supervised fine-tuning, without
 * the feedback. Immutable.
 *
 * <pre>{@code
 * IlfPipeline ilf = IlfPipeline.of(RefinementScorer.instructRm(judge, IlfPrompts.standard()))
 *     .folder(Path.of("ilf"));
 * List<LanguageFeedback> told = ilf.criticise(policy, critic, prompts, CancellationToken.none());
 * Refinements refined = ilf.refine(policy, told, CancellationToken.none());
 * DecoderModel better = SftTrainer.of(policy).train(refined.examples()).model();
 * }</pre>
 *
 * <p>New answers that are blank, the old one or a refusal are no candidates; of equal scores the
 * first wins. With a folder, what models answered and how new answers scored is kept there, and a
 * repeated or resumed run asks for nothing twice.
 *
 * @param scorer chooses among new answers
 * @param prompts what models are asked
 * @param candidates new answers to each old one, at least 1; K
 * @param options how new answers are sampled; not greedily where there are several
 * @param refusals tells refusals
 * @param folder where answers and scores are kept; null keeps nothing
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IlfPipeline(
    RefinementScorer scorer,
    IlfPrompts prompts,
    int candidates,
    SamplingOptions options,
    RefusalPhrases refusals,
    @Nullable Path folder) {

  private static final int ANSWERS_AT_ONCE = 16;

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException when there is no candidate, or several would be the same
   */
  public IlfPipeline {
    Objects.requireNonNull(scorer, "scorer");
    Objects.requireNonNull(prompts, "prompts");
    Objects.requireNonNull(refusals, "refusals");
    if (candidates < 1) {
      throw new IllegalArgumentException("candidates must be at least 1 but was " + candidates);
    }
    if (candidates > 1 && options.isGreedy()) {
      throw new IllegalArgumentException(
          "options must sample where there are %s candidates, which greedily are the same"
              .formatted(candidates));
    }
  }

  /**
   * Returns a pipeline of five candidates, of at most 256 tokens at temperature 1, with {@link
   * IlfPrompts#standard()} and the refusals of {@link RefusalPhrases#xsTest()}, that keeps nothing.
   *
   * @param scorer chooses among new answers
   * @return the pipeline
   */
  public static IlfPipeline of(RefinementScorer scorer) {
    return new IlfPipeline(
        scorer,
        IlfPrompts.standard(),
        5,
        SamplingOptions.sampling(256, 0),
        RefusalPhrases.xsTest(),
        null);
  }

  /**
   * Returns a pipeline with another number of candidates.
   *
   * @param count K, at least 1
   * @return the pipeline
   * @throws IllegalArgumentException when it is below 1
   */
  public IlfPipeline candidates(int count) {
    return new IlfPipeline(scorer, prompts, count, options, refusals, folder);
  }

  /**
   * Returns a pipeline that samples otherwise.
   *
   * @param newOptions of all that models write here
   * @return the pipeline
   * @throws IllegalArgumentException when candidates would be the same
   */
  public IlfPipeline options(SamplingOptions newOptions) {
    return new IlfPipeline(scorer, prompts, candidates, newOptions, refusals, folder);
  }

  /**
   * Returns a pipeline that asks otherwise.
   *
   * @param newPrompts what models are asked
   * @return the pipeline
   */
  public IlfPipeline prompts(IlfPrompts newPrompts) {
    return new IlfPipeline(scorer, newPrompts, candidates, options, refusals, folder);
  }

  /**
   * Returns a pipeline that tells refusals otherwise.
   *
   * @param newRefusals beginnings of refusals
   * @return the pipeline
   */
  public IlfPipeline refusals(RefusalPhrases newRefusals) {
    return new IlfPipeline(scorer, prompts, candidates, options, newRefusals, folder);
  }

  /**
   * Returns a pipeline that keeps what models answer.
   *
   * @param newFolder where; created if absent
   * @return the pipeline
   */
  public IlfPipeline folder(Path newFolder) {
    return new IlfPipeline(scorer, prompts, candidates, options, refusals, newFolder);
  }

  /** This pipeline in a folder, or in none. */
  IlfPipeline in(@Nullable Path other) {
    return new IlfPipeline(scorer, prompts, candidates, options, refusals, other);
  }

  /**
   * Has a model answer and another say what it thinks of the answers.
   *
   * @param policy answers
   * @param critic gives feedback
   * @param asked what is answered
   * @param cancellation asks to stop
   * @return an answer with feedback for each prompt, in order; the feedback may be blank
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   * @throws org.alignment4j.api.RunFolderException when the folder cannot be used
   */
  public List<LanguageFeedback> criticise(
      LanguageModel policy,
      LanguageModel critic,
      List<? extends Prompt> asked,
      CancellationToken cancellation) {
    try (IlfMemory memory = IlfMemory.open(folder)) {
      LanguageModel writer = memory.remembering(policy);
      LanguageModel reader = memory.remembering(critic);
      List<LanguageFeedback> told = new ArrayList<>();
      for (int from = 0; from < asked.size(); from += ANSWERS_AT_ONCE) {
        List<? extends Prompt> some =
            asked.subList(from, Math.min(asked.size(), from + ANSWERS_AT_ONCE));
        List<Completion> answers = writer.generate(some, options, cancellation);
        List<Prompt> questions = new ArrayList<>();
        for (int i = 0; i < some.size(); i++) {
          questions.add(prompts.feedback(some.get(i), answers.get(i).text()));
        }
        List<Completion> feedback = reader.generate(questions, options, cancellation);
        for (int i = 0; i < some.size(); i++) {
          told.add(
              new LanguageFeedback(some.get(i), answers.get(i).text(), feedback.get(i).text()));
        }
      }
      return List.copyOf(told);
    }
  }

  /**
   * Has a model write answers anew with their feedback, and chooses the best.
   *
   * @param policy writes
   * @param told answers with feedback; those without are dropped and counted
   * @param cancellation asks to stop
   * @return the best new answers
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   * @throws org.alignment4j.api.RunFolderException when the folder cannot be used
   */
  public Refinements refine(
      LanguageModel policy, List<LanguageFeedback> told, CancellationToken cancellation) {
    try (IlfMemory memory = IlfMemory.open(folder)) {
      LanguageModel writer = memory.remembering(policy);
      RefinementChoice choice = new RefinementChoice(scorer, refusals, memory);
      List<Integer> useful = new ArrayList<>();
      for (int i = 0; i < told.size(); i++) {
        if (!told.get(i).feedback().isBlank()) {
          useful.add(i);
        }
      }
      for (int from = 0; from < useful.size(); from += ANSWERS_AT_ONCE) {
        List<Integer> some = useful.subList(from, Math.min(useful.size(), from + ANSWERS_AT_ONCE));
        List<Prompt> questions = new ArrayList<>();
        for (int i : some) {
          Prompt question = prompts.refinement(told.get(i));
          for (int k = 0; k < candidates; k++) {
            questions.add(question);
          }
        }
        List<String> written =
            writer.generate(questions, options, cancellation).stream()
                .map(Completion::text)
                .toList();
        for (int i = 0; i < some.size(); i++) {
          choice.add(
              some.get(i),
              told.get(some.get(i)),
              written.subList(i * candidates, (i + 1) * candidates),
              cancellation);
        }
      }
      return choice.refinements(told.size(), told.size() - useful.size());
    }
  }
}
