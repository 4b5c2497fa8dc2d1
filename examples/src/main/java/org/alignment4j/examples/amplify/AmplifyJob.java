package org.alignment4j.examples.amplify;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.training.Learner;
import org.alignment4j.api.training.TrainingContext;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.amplify.AmplificationResult;
import org.alignment4j.oversight.amplify.AmplifyAndDistil;
import org.alignment4j.oversight.decompose.Decomposition;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.alignment4j.oversight.decompose.SequentialDecomposition;
import org.alignment4j.pocket.world.Exam;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.rlhf.SftTrainer;
import org.alignment4j.runtime.DecoderModel;

/**
 * Iterated amplification of the pocket model (Christiano et al. 2018). The overseer is the pocket
 * model as it is, whose training texts divide such questions about other people; comparisons are
 * divided by rule. The model answers the parts, learns the answers, and answers the parts of harder
 * questions in the next round.
 */
public final class AmplifyJob {
  /** The pocket model answers at once. */
  public static final String UNAIDED = "unaided";

  /** The majority of as many answers as amplification makes calls. */
  public static final String MAJORITY = "unaided, majority of 5";

  /** The overseer asks the pocket model. */
  public static final String AMPLIFIED = "amplified";

  /** The model that learnt answers alone, at once. */
  public static final String DISTILLED = "distilled";

  /** The model that learnt answers with their steps, in one reply. */
  public static final String WITH_STEPS = "distilled with steps";

  /** Behind the name of a distilled model: the overseer asks it. */
  public static final String ASKED = ", amplified";

  /** Behind the name of a distilled model: after comparisons too. */
  public static final String SECOND = ", second round";

  /** The model learnt what it answered by itself. */
  public static final String OWN = "control: own answers";

  /** The model learnt each other's answers. */
  public static final String SHUFFLED = "control: shuffled answers";

  private static final int VOTES = 5;
  private static final int BATCH = 16;
  private static final int CHECKPOINT_EVERY = 100;

  private final Path run;
  private final AmplifySettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();
  private final Compositions questions;
  private final AmplifyScores scores;

  /**
   * A job.
   *
   * @param run folder of models, table and report
   * @param settings what is fixed before anything is measured
   * @param out takes progress and the table
   */
  public AmplifyJob(Path run, AmplifySettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
    this.questions = Compositions.draw(world, settings);
    this.scores = new AmplifyScores(questions.groups());
  }

  /** Trains, measures, prints the table and writes the run folder. Call it once. */
  public AmplifyScores run() {
    try (DecoderModel base = BundledPocket.load(run)) {
      measureBase(base);
      Decomposition amplified = new Remembered(Asking.amplified(new Comparisons(base), base), base);
      List<PromptCompletion> answers = distil(base, amplified, DISTILLED, ExamForm::answerAlone);
      distil(base, amplified, WITH_STEPS, ExamForm::withSteps);
      control(base, OWN, ownAnswers(base));
      control(base, SHUFFLED, shuffled(answers));
      new AmplifyPage(
              scores,
              settings,
              Map.of("world", world.version(), "model", base.id(), "settings", settings.toString()))
          .write(run, out);
      return scores;
    }
  }

  /** Tells of rounds and trainings, not of every question. */
  private OversightContext context() {
    ProgressListener console = ConsoleProgress.on(out);
    return new OversightContext(
        settings.seed(),
        Budget.UNLIMITED,
        progress -> {
          if (!progress.task().equals(SequentialDecomposition.NAME)) {
            console.onProgress(progress);
          }
        },
        CancellationToken.none());
  }

  private void measureBase(DecoderModel base) {
    out.println("asking the pocket model");
    measure(base, UNAIDED);
    for (Map.Entry<String, List<Composed>> group : questions.groups().entrySet()) {
      scores.add(
          MAJORITY,
          group.getKey(),
          Asking.majority(base, group.getValue(), VOTES, settings.seed()));
    }
    tell(MAJORITY);
    for (String group : scores.groups()) {
      if (!group.equals(Compositions.FACTS)) {
        measureAmplified(base, base, AMPLIFIED, group);
      }
    }
    tell(AMPLIFIED);
  }

  private void measure(LanguageModel model, String arm) {
    questions
        .groups()
        .forEach((group, asked) -> scores.add(arm, group, Asking.direct(model, asked)));
    tell(arm);
  }

  private void tell(String arm) {
    for (String group : scores.groups()) {
      scores
          .accuracy(arm, group)
          .ifPresent(
              share ->
                  out.printf(Locale.ROOT, "%s, %s: %.1f %%%n", arm, group, 100 * share.value()));
    }
  }

  private void measureAmplified(
      LanguageModel overseer, LanguageModel model, String arm, String group) {
    List<Composed> asked = questions.groups().getOrDefault(group, List.of());
    List<QuestionNode> trees =
        Asking.trees(Asking.amplified(new Comparisons(overseer), model), asked, context());
    scores.add(arm, group, trees.stream().map(QuestionNode::answer).toList());
  }

  /** Two rounds; returns what the first of them taught. */
  private List<PromptCompletion> distil(
      DecoderModel base,
      Decomposition amplified,
      String arm,
      Function<QuestionNode, String> written) {
    out.println("amplifying for: " + arm);
    List<List<PromptCompletion>> taught = new ArrayList<>();
    Learner<PromptCompletion> learner =
        (model, examples, context) -> {
          LanguageModel trained = learner().train(model, examples, context);
          if (taught.isEmpty()) {
            measure(trained, arm);
            measureAmplified(base, trained, arm + ASKED, Compositions.COMPARISONS);
            tell(arm + ASKED);
          } else {
            measure(trained, arm + SECOND);
          }
          taught.add(List.copyOf(examples));
          return trained;
        };
    AmplificationResult result =
        AmplifyAndDistil.of(
                amplified, List.of(texts(questions.twoSteps()), texts(questions.comparisons())))
            .writing(written)
            .withRunFolder(folder(arm))
            .amplify(base, learner, context());
    if (result.model() instanceof DecoderModel last && last != base) {
      last.close();
    }
    return taught.get(0);
  }

  private static List<String> texts(List<Composed> asked) {
    return asked.stream().map(Composed::text).toList();
  }

  private Path folder(String arm) {
    return run.resolve(arm.replaceAll("[^a-z]+", "-"));
  }

  private Learner<PromptCompletion> learner() {
    return SftTrainer.learner(
        trainer ->
            trainer
                .epochs(settings.epochs())
                .batchSize(BATCH)
                .checkpointEvery(CHECKPOINT_EVERY)
                .learningRate(settings.learningRate()));
  }

  private void control(DecoderModel base, String arm, List<PromptCompletion> examples) {
    out.println("training for: " + arm);
    TrainingContext context =
        new TrainingContext(
            settings.seed(), folder(arm), ConsoleProgress.on(out), CancellationToken.none());
    try (DecoderModel trained = (DecoderModel) learner().train(base, examples, context)) {
      measure(trained, arm);
    }
  }

  private List<PromptCompletion> ownAnswers(DecoderModel base) {
    List<Optional<String>> answers = Asking.direct(base, questions.twoSteps());
    List<PromptCompletion> examples = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      String text = questions.twoSteps().get(i).text();
      answers
          .get(i)
          .ifPresent(answer -> examples.add(new PromptCompletion(Exam.prompt(text), " " + answer)));
    }
    return examples;
  }

  /** Answers exchanged among questions that ask for the same kind of thing. */
  private List<PromptCompletion> shuffled(List<PromptCompletion> examples) {
    Map<String, String> kinds = new LinkedHashMap<>();
    questions.twoSteps().forEach(q -> kinds.put(Exam.prompt(q.text()).text(), q.kind()));
    Map<String, List<PromptCompletion>> byKind = new LinkedHashMap<>();
    for (PromptCompletion example : examples) {
      String kind = kinds.getOrDefault(((Prompt.Text) example.prompt()).text(), "");
      byKind.computeIfAbsent(kind, key -> new ArrayList<>()).add(example);
    }
    Random random = new Random(settings.seed());
    List<PromptCompletion> exchanged = new ArrayList<>();
    for (List<PromptCompletion> same : byKind.values()) {
      List<String> completions =
          new ArrayList<>(same.stream().map(PromptCompletion::completion).toList());
      Collections.shuffle(completions, random);
      for (int i = 0; i < same.size(); i++) {
        exchanged.add(new PromptCompletion(same.get(i).prompt(), completions.get(i)));
      }
    }
    return exchanged;
  }
}
