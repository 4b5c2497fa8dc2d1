package org.alignment4j.rlhf.feedback;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.training.Learner;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.runtime.DecoderModel;
import org.apiguardian.api.API;

/**
 * Rounds of imitation learning from language feedback: in each the model answers, a critic gives
 * feedback, the model refines, and supervised fine-tuning on the best refinements gives the model
 * of the next round. Immutable.
 *
 * <pre>{@code
 * DecoderModel better =
 *     new IlfTrainer(pipeline, critic, sft -> sft.learningRate(1e-4), Path.of("run"))
 *         .train(base, List.of(promptsOfRound1, promptsOfRound2), CancellationToken.none())
 *         .model();
 * }</pre>
 *
 * <p>Round n lies in {@code round-n} of the folder: answers, scores and the run of the fine-tuning.
 * A repeated or resumed run asks for nothing twice and ends in the same bits.
 *
 * @param pipeline refines; its own folder is not read
 * @param critic gives feedback
 * @param settings of the fine-tuning; its run folder and cancellation are those of this run
 * @param folder of the run
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record IlfTrainer(
    IlfPipeline pipeline, LanguageModel critic, UnaryOperator<SftTrainer> settings, Path folder) {

  /** Checks that nothing is missing. */
  public IlfTrainer {
    Objects.requireNonNull(pipeline, "pipeline");
    Objects.requireNonNull(critic, "critic");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(folder, "folder");
  }

  /**
   * Returns one round as a learner from prompts, whose caller gives the model, the seed of the
   * fine-tuning and the folder.
   *
   * @param pipeline refines, with a seed of its own; its own folder is not read
   * @param critic gives feedback
   * @param settings of the fine-tuning
   * @return a learner of {@link DecoderModel}s
   */
  public static Learner<Prompt> learner(
      IlfPipeline pipeline, LanguageModel critic, UnaryOperator<SftTrainer> settings) {
    Objects.requireNonNull(pipeline, "pipeline");
    Objects.requireNonNull(critic, "critic");
    Objects.requireNonNull(settings, "settings");
    return (model, prompts, context) -> {
      if (!(model instanceof DecoderModel decoder)) {
        throw new IllegalArgumentException(
            "model must be a DecoderModel, whose weights are in this process, but was "
                + model.getClass().getName());
      }
      if (prompts.isEmpty()) {
        throw new IllegalArgumentException("prompts must hold at least one but hold none");
      }
      Path folder = context.runFolder();
      UnaryOperator<SftTrainer> seeded =
          sft -> {
            SftTrainer own = settings.apply(sft);
            return own.options(own.options().withContext(context));
          };
      return new IlfRound(pipeline, critic, seeded)
          .run(decoder, prompts, folder, context.cancellation())
          .model();
    };
  }

  /**
   * What the rounds gave.
   *
   * @param model the last round's model, which the caller closes
   * @param rounds what was refined and dropped in each
   */
  public record Result(DecoderModel model, List<Refinements> rounds) {
    /** Copies the rounds. */
    public Result {
      rounds = List.copyOf(rounds);
    }
  }

  /**
   * Runs the rounds.
   *
   * @param base the first round's model; left as it is
   * @param rounds prompts of each round, at least one round
   * @param cancellation asks to stop
   * @return the trained model
   * @throws IllegalArgumentException when there is no round, or nothing is left to learn in one,
   *     naming it
   * @throws org.alignment4j.api.CancelledException when cancelled or interrupted
   * @throws org.alignment4j.api.ModelExecutionException when a model fails
   * @throws org.alignment4j.api.TrainingDivergedException when a loss stops being finite
   * @throws org.alignment4j.api.RunFolderException when the folder cannot be used
   */
  public Result train(
      DecoderModel base,
      List<? extends List<? extends Prompt>> rounds,
      CancellationToken cancellation) {
    if (rounds.isEmpty()) {
      throw new IllegalArgumentException("rounds must hold at least one list but was empty");
    }
    List<Refinements> history = new ArrayList<>();
    IlfRound one = new IlfRound(pipeline, critic, settings);
    DecoderModel present = base;
    for (int round = 1; round <= rounds.size(); round++) {
      DecoderModel next;
      try {
        IlfRound.Outcome outcome =
            one.run(present, rounds.get(round - 1), folder.resolve("round-" + round), cancellation);
        history.add(outcome.refined());
        next = outcome.model();
      } catch (IlfRound.NothingLeft e) {
        throw new IllegalArgumentException("round %s: %s".formatted(round, e.getMessage()), e);
      } finally {
        if (present != base) {
          present.close();
        }
      }
      present = next;
    }
    return new Result(present, history);
  }
}
