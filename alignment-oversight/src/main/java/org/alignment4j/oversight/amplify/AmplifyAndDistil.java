package org.alignment4j.oversight.amplify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.AmplificationLoop;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.oversight.Proceedings;
import org.alignment4j.oversight.TrainedModels;
import org.alignment4j.oversight.agent.CallSeed;
import org.alignment4j.oversight.decompose.Decomposition;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Iterated amplification of a language model (Christiano et al. 2018): in each round the model
 * answers questions by way of their parts, and then learns to give these answers directly; the next
 * round starts from the model that has learnt. Answers of earlier rounds are learnt again with the
 * new ones, so that nothing is forgotten; the latest answer to a question replaces the one before.
 *
 * <p>Models between the first and the last are closed when they can be. When the budget ends within
 * a round, the model of the round before is the result. Immutable.
 *
 * @param protocol how questions are amplified; the model that answers parts is replaced by the one
 *     of the round
 * @param curriculum the questions of each round, easier ones first; every round has at least one
 * @param written how a question that has an answer is answered in a reply, so that the protocol's
 *     form reads the answer back
 * @param runFolder where each round's training keeps a folder of its own; null keeps nothing
 * @param asking makes what is asked in the place of a round's model, which is trained as it is
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record AmplifyAndDistil(
    Decomposition protocol,
    List<List<String>> curriculum,
    Function<QuestionNode, String> written,
    @Nullable Path runFolder,
    UnaryOperator<LanguageModel> asking)
    implements AmplificationLoop<PromptCompletion> {

  /**
   * Checks and copies.
   *
   * @throws IllegalArgumentException if there is no round or one has no question
   */
  public AmplifyAndDistil {
    Objects.requireNonNull(protocol, "protocol");
    Objects.requireNonNull(written, "written");
    Objects.requireNonNull(asking, "asking");
    curriculum = curriculum.stream().map(List::copyOf).toList();
    if (curriculum.isEmpty() || curriculum.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException(
          "a curriculum must have at least one round and each at least one question but has rounds"
              + " of "
              + curriculum.stream().map(List::size).toList()
              + " questions");
    }
  }

  /** Returns a loop with answers in quotation marks, which keeps no run folders. */
  public static AmplifyAndDistil of(Decomposition protocol, List<List<String>> curriculum) {
    return new AmplifyAndDistil(
        protocol,
        curriculum,
        node -> '"' + node.answer().orElseThrow() + '"',
        null,
        UnaryOperator.identity());
  }

  /**
   * Returns this loop with another way to write answers.
   *
   * @param reply writes what is learnt as the reply to a question that has an answer: the answer
   *     alone, or what it rests on with it, so that the protocol's form reads the answer back
   */
  public AmplifyAndDistil writing(Function<QuestionNode, String> reply) {
    return new AmplifyAndDistil(protocol, curriculum, reply, runFolder, asking);
  }

  /** Returns this loop with a folder that gets a run folder for each round. */
  public AmplifyAndDistil withRunFolder(Path folder) {
    return new AmplifyAndDistil(protocol, curriculum, written, folder, asking);
  }

  /**
   * Returns this loop with something between it and the model of a round, such as a journal of
   * calls; trained models must have ids of their own then.
   *
   * @param role makes what is asked in a model's place, such as {@code model ->
   *     calls.as("amplified", model)}
   */
  public AmplifyAndDistil asking(UnaryOperator<LanguageModel> role) {
    return new AmplifyAndDistil(protocol, curriculum, written, runFolder, role);
  }

  @Override
  public LanguageModel run(
      LanguageModel model, Learner<PromptCompletion> learner, OversightContext context) {
    return amplify(model, learner, context).model();
  }

  /**
   * Runs the loop and tells of each round; see {@link #run}.
   *
   * @throws IllegalArgumentException if the learner cannot train the model
   */
  public AmplificationResult amplify(
      LanguageModel model, Learner<PromptCompletion> learner, OversightContext context) {
    Proceedings proceedings = Proceedings.open("amplification", "", context, OptionalLong.empty());
    Map<String, PromptCompletion> examples = new LinkedHashMap<>();
    List<AmplificationRound> rounds = new ArrayList<>();
    LanguageModel current = model;
    for (int round = 0; round < curriculum.size(); round++) {
      Usage before = proceedings.usage();
      LanguageModel asked = asking.apply(current);
      int answered;
      try {
        answered = amplify(asked, round, proceedings, examples);
      } catch (BudgetExceededException limit) {
        return new AmplificationResult(
            current, rounds, proceedings.usage(), "budget: " + limit.resource());
      }
      if (answered == 0) {
        return new AmplificationResult(
            current, rounds, proceedings.usage(), "no answer in round " + round);
      }
      LanguageModel trained =
          learner.train(current, List.copyOf(examples.values()), training(round, context));
      TrainedModels.requireOwnId(current, trained, asked);
      if (current != model) {
        close(current);
      }
      current = trained;
      rounds.add(
          new AmplificationRound(
              round,
              curriculum.get(round).size(),
              answered,
              examples.size(),
              proceedings.usage().minus(before)));
    }
    return new AmplificationResult(current, rounds, proceedings.usage(), "");
  }

  private int amplify(
      LanguageModel model,
      int round,
      Proceedings proceedings,
      Map<String, PromptCompletion> examples) {
    Decomposition amplified = protocol.withModel(model);
    int answered = 0;
    for (String question : curriculum.get(round)) {
      OversightContext next = proceedings.next();
      Outcome<QuestionNode> outcome =
          amplified.run(question, next.withSeed(CallSeed.of(next.seed(), question, round, 0)));
      proceedings.spend(outcome.usage());
      if (outcome.exhausted().isPresent()) {
        throw new BudgetExceededException(
            outcome.exhausted().get(),
            "the budget ended within round " + round + " of the amplification");
      }
      if (outcome.verdict().answer().isPresent()) {
        answered++;
        examples.put(
            question,
            new PromptCompletion(protocol.direct(question), written.apply(outcome.verdict())));
      }
    }
    return answered;
  }

  private TrainingContext training(int round, OversightContext context) {
    return new TrainingContext(
        CallSeed.of(context.seed(), "training", round, 0),
        runFolder == null ? null : runFolder.resolve("round-" + round),
        context.progress(),
        context.cancellation());
  }

  private static void close(LanguageModel model) {
    if (model instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new ModelExecutionException("cannot close the model of a round: " + e, e);
      }
    }
  }
}
