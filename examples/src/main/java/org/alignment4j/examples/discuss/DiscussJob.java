package org.alignment4j.examples.discuss;

import com.google.common.collect.ImmutableMap;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.report.ConsoleProgress;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.society.GroupAnswer;
import org.alignment4j.oversight.society.MultiAgentDebate;
import org.alignment4j.oversight.society.OpenQuestion;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Question;
import org.alignment4j.runtime.DecoderModel;

/**
 * Asks copies of the pocket model questions of fact: one of them, the majority of as many answers
 * as a debate has turns, one that reflects as often, and several that read each other (Du et al.
 * 2023, arXiv 2305.14325).
 */
public final class DiscussJob {
  /** The copies read each other. */
  public static final String DEBATE = "debate";

  private static final int AT_ONCE = 2;

  private final Path run;
  private final DiscussSettings settings;
  private final PrintStream out;
  private final PocketWorld world = BundledPocket.world();

  /**
   * A job.
   *
   * @param run folder of calls, table and report
   * @param settings what is fixed before anything is measured
   * @param out takes progress and the table
   */
  public DiscussJob(Path run, DiscussSettings settings, PrintStream out) {
    this.run = run;
    this.settings = settings;
    this.out = out;
  }

  /** Measures, prints the table and writes the run folder. */
  public DiscussFindings run() {
    ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, task -> new Thread(task, "discussion"));
    try (DecoderModel base = BundledPocket.load(run);
        RecordedCalls calls =
            RecordedCalls.open(
                run.resolve("calls.jsonl"),
                Map.of(
                    "study", "facts", "settings", settings.toString(), "world", world.version()))) {
      Map<String, RunReport<OpenQuestion, GroupAnswer>> reports = new LinkedHashMap<>();
      List<OpenQuestion> questions = questions();
      LanguageModel speaking = calls.as("agent", base);
      for (Map.Entry<String, FactDebate> arm : arms(speaking).entrySet()) {
        reports.put(
            arm.getKey(),
            OversightRun.of(arm.getKey(), arm.getValue(), OpenQuestion::id)
                .seed(settings.seed())
                .concurrency(ConcurrencyLimits.atMost(AT_ONCE), threads)
                .progress(ConsoleProgress.on(out))
                .run(questions));
      }
      DiscussFindings findings = DiscussFindings.of(reports, settings.seed());
      new DiscussPage(
              findings, ImmutableMap.of("world", world.version(), "settings", settings.toString()))
          .write(run, out);
      return findings;
    } finally {
      threads.shutdownNow();
    }
  }

  private Map<String, FactDebate> arms(LanguageModel model) {
    Map<String, FactAnswers> readers = new LinkedHashMap<>();
    for (Question question : asked()) {
      readers.put(question.text(), FactAnswers.to(question, world));
    }
    Map<String, FactDebate> arms = new LinkedHashMap<>();
    for (String name : List.of("single", "majority", "reflection")) {
      arms.put(
          name,
          new FactDebate(
              readers,
              answers ->
                  Optional.ofNullable(debate(model, answers).baselines().get(name)).orElseThrow()));
    }
    arms.put(DEBATE, new FactDebate(readers, answers -> debate(model, answers)));
    return arms;
  }

  private MultiAgentDebate debate(LanguageModel model, FactAnswers answers) {
    FactAgent agent = new FactAgent(model, answers, settings.temperature());
    return MultiAgentDebate.of(
        Collections.nCopies(settings.agents(), agent), settings.rounds(), answers);
  }

  private List<Question> asked() {
    return world.questions().stream().limit(settings.questions()).toList();
  }

  private List<OpenQuestion> questions() {
    List<OpenQuestion> questions = new ArrayList<>();
    List<Question> asked = asked();
    for (int draw = 1; draw <= settings.draws(); draw++) {
      for (int i = 0; i < asked.size(); i++) {
        Question question = asked.get(i);
        questions.add(
            new OpenQuestion(
                "fact-" + i + ", draw " + draw,
                question.text(),
                Optional.of(question.fact().value()),
                "fact-" + i));
      }
    }
    return questions;
  }
}
