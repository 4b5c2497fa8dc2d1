package org.alignment4j.examples.remote;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.OversightProtocol;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.files.AtomicFiles;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.agent.SpeechForm;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.debate.DirectJudgement;
import org.alignment4j.oversight.transcript.Transcripts;

/**
 * Debates of a remote model with itself before itself, and its verdicts without a debate. The run
 * folder holds the journal of calls, the table and the debates as a page.
 */
public final class RemoteDebate {
  private static final int MAX_WORDS = 120;

  private final OpenAiEndpoint endpoint;
  private final RemoteSettings settings;
  private final Path run;
  private final PrintWriter out;

  /**
   * A job.
   *
   * @param endpoint the model in all roles
   * @param settings how debates run
   * @param run the run folder
   * @param out is shown the table
   */
  public RemoteDebate(OpenAiEndpoint endpoint, RemoteSettings settings, Path run, PrintWriter out) {
    this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.run = Objects.requireNonNull(run, "run");
    this.out = Objects.requireNonNull(out, "out");
  }

  /**
   * Runs the debates and writes table and page.
   *
   * @throws org.alignment4j.api.RunFolderException if the run folder holds a run of another model
   *     or other settings
   */
  public RemoteResult run(List<ChoiceQuestion> questions) {
    ExecutorService threads =
        Executors.newCachedThreadPool(call -> new Thread(call, "remote-call"));
    try {
      LanguageModel model = endpoint.on(threads);
      out.println(
          "asking "
              + endpoint
              + "; failures that may pass are tried up to "
              + settings.retry().maxAttempts()
              + " times, which takes minutes where nothing answers");
      out.flush();
      try (RecordedCalls calls =
          RecordedCalls.open(run.resolve("calls.jsonl"), configuration(model))) {
        RemoteResult result = compare(questions, calls, model, threads);
        report(result, calls, model);
        return result;
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Map<String, ?> configuration(LanguageModel model) {
    return Map.of(
        "program", "remote debate",
        "model", model.id(),
        "rounds", settings.rounds(),
        "seed", settings.seed());
  }

  private RemoteResult compare(
      List<ChoiceQuestion> questions, RecordedCalls calls, LanguageModel model, Executor threads) {
    ModelAgent debater =
        ModelAgent.of(calls.as("debater", model))
            .withForm(SpeechForm.argument().withWords(1, MAX_WORDS));
    Judge judge = ModelJudge.of(JudgeModel.of(calls.as("judge", model)));
    Debate debate =
        Debate.between(debater, debater)
            .judgedBy(judge)
            .rounds(settings.rounds())
            .maxWords(MAX_WORDS)
            .judgedInBothOrders()
            .build();
    return new RemoteResult(
        run("judge alone", DirectJudgement.blind(judge).judgedInBothOrders(), questions, threads),
        run("debate", debate, questions, threads));
  }

  private RunReport<ChoiceQuestion, Ruling> run(
      String name,
      OversightProtocol<ChoiceQuestion, Ruling> protocol,
      List<ChoiceQuestion> questions,
      Executor threads) {
    return OversightRun.of(name, protocol, ChoiceQuestion::id)
        .seed(settings.seed())
        .concurrency(ConcurrencyLimits.atMost(settings.atOnce()), threads)
        .retry(settings.retry())
        .run(questions);
  }

  private void report(RemoteResult result, RecordedCalls calls, LanguageModel model) {
    String table = result.table();
    AtomicFiles.write(run.resolve("table.txt"), table);
    Transcripts.page("Debates of " + model.id(), result.debate().outcomes())
        .write(run.resolve("debates.html"));
    out.println(table);
    out.println("calls of this run: " + calls.usageByRole());
    result.failures().forEach((question, failure) -> out.println(question + " failed: " + failure));
    out.println("table, calls and debates.html are in " + run);
    out.flush();
  }
}
