package org.alignment4j.examples.oversee;

import com.google.common.collect.ImmutableMap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.ChoiceModel;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.debate.Consultancy;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.debate.DirectJudgement;
import org.alignment4j.oversight.study.Arm;
import org.alignment4j.oversight.study.JudgementStudy;
import org.alignment4j.oversight.study.StudyFindings;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.runtime.DecoderModel;

/**
 * Teaches pocket models to argue from passages, and has the pocket model as it is judge without the
 * passages: alone, advised by a consultant, after a debate, and with the passages.
 */
public final class OverseeJob {
  /** The judge alone. */
  public static final String NAIVE = "naive";

  /** The majority of answers of the judge alone, as many as a debate has calls. */
  public static final String MAJORITY = "majority";

  /** One side argues for each answer in turn. */
  public static final String CONSULTANCY = "consultancy";

  /** Both sides argue. */
  public static final String DEBATE = "debate";

  /** The judge reads the passage. */
  public static final String EXPERT = "expert";

  /** The judge reads everything but quotes. */
  public static final String NO_QUOTES = "debate, quotes ignored";

  /** Debaters read, quote and are checked against the passage of another question. */
  public static final String SHUFFLED = "debate, quotes shuffled";

  private static final int AT_ONCE = 2;

  private final Path run;
  private final OverseeSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of models, calls, table and report
   * @param settings what is fixed before anything is measured
   * @param out takes progress and the table
   */
  public OverseeJob(Path run, OverseeSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /** Trains, measures, prints the table and writes the run folder. Call it once. */
  public StudyFindings run() {
    Passages passages = new Passages(world, settings);
    DebaterTraining training =
        new DebaterTraining(passages, settings, run, ConsoleProgress.on(out));
    List<DecoderModel> debaters = new ArrayList<>();
    try (DecoderModel base = BundledPocket.load(run);
        RecordedCalls calls = RecordedCalls.open(run.resolve("calls.jsonl"), configuration())) {
      for (int i = 0; i < settings.debaters(); i++) {
        out.println("teaching debater " + (i + 1));
        debaters.add(training.train(base, i));
      }
      StudyFindings findings = study(passages.questions(), base, debaters, calls);
      new OverseePage(findings, settings, provenance(base)).write(run, out);
      return findings;
    } finally {
      debaters.forEach(DecoderModel::close);
    }
  }

  private Map<String, String> provenance(DecoderModel base) {
    return ImmutableMap.of(
        "world", world.version(), "judge", base.id(), "settings", settings.toString());
  }

  private Map<String, Object> configuration() {
    return Map.of("study", "passages", "settings", settings.toString(), "world", world.version());
  }

  private StudyFindings study(
      List<ChoiceQuestion> questions,
      DecoderModel base,
      List<DecoderModel> debaters,
      RecordedCalls calls) {
    ChoiceModel judging = calls.choices("judge", base);
    Judge judge = new PassageJudge(judging, PassageJudge.Reading.VERIFIED_QUOTES);
    Judge deaf = new PassageJudge(judging, PassageJudge.Reading.CLAIMS);
    List<LanguageModel> arguing =
        IntStream.range(0, debaters.size())
            .<LanguageModel>mapToObj(i -> calls.as("debater " + (i + 1), debaters.get(i)))
            .toList();
    int votes = 2 * settings.rounds() + 1;
    List<Arm> arms =
        List.of(
            Arm.bothOrders(NAIVE, DirectJudgement.blind(judge)),
            Arm.bothOrders(MAJORITY, DirectJudgement.blind(new SampledVotes(judge, votes))),
            consultancies(arguing, judge),
            debates(DEBATE, arguing, judge, questions, false),
            Arm.bothOrders(EXPERT, DirectJudgement.expert(judge)),
            debates(NO_QUOTES, arguing, deaf, questions, false),
            debates(SHUFFLED, arguing, judge, questions, true));
    ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, task -> new Thread(task, "debate"));
    try {
      return JudgementStudy.of(questions, arms)
          .concurrency(ConcurrencyLimits.atMost(AT_ONCE), threads)
          .measure(
              new OversightContext(
                  settings.seed(),
                  Budget.UNLIMITED,
                  ConsoleProgress.on(out),
                  CancellationToken.none()));
    } finally {
      threads.shutdownNow();
    }
  }

  private Arm consultancies(List<LanguageModel> models, Judge judge) {
    List<Arm.Variant> variants = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      for (int side = 0; side < 2; side++) {
        Consultancy consultancy =
            Consultancy.of(agent(models.get(i), side), judge, side)
                .withRounds(2 * settings.rounds());
        variants.add(
            new Arm.Variant(
                "consultant " + (i + 1) + " for answer " + (side + 1), false, side, consultancy));
      }
    }
    return new Arm(CONSULTANCY, variants);
  }

  /** Every debater against itself, with the sides exchanged too unless quotes are shuffled. */
  private Arm debates(
      String name,
      List<LanguageModel> models,
      Judge judge,
      List<ChoiceQuestion> questions,
      boolean shuffled) {
    List<Arm.Variant> variants = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      Debate debate =
          Debate.between(agent(models.get(i), 0), agent(models.get(i), 1))
              .judgedBy(judge)
              .rounds(settings.rounds())
              .judgedInBothOrders()
              .build();
      for (boolean swapped : shuffled ? List.of(false) : List.of(false, true)) {
        variants.add(
            new Arm.Variant(
                "debater " + (i + 1) + (swapped ? ", sides exchanged" : ""),
                swapped,
                -1,
                shuffled ? new WrongPassage(debate, questions) : debate));
      }
    }
    return new Arm(name, variants);
  }

  private PassageDebater agent(LanguageModel model, int side) {
    return new PassageDebater(model, settings.temperature(), side);
  }
}
