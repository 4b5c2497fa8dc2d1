package org.alignment4j.readme;

import dev.langchain4j.model.openai.OpenAiChatModel;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.judge.JudgeModel;
import org.alignment4j.core.judge.ModelJudge;
import org.alignment4j.langchain4j.LangChain4jModel;
import org.alignment4j.langchain4j.RemoteModelId;
import org.alignment4j.langchain4j.SeedPolicy;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.alignment4j.oversight.agent.ModelAgent;
import org.alignment4j.oversight.call.RecordedCalls;
import org.alignment4j.oversight.call.RecordedCalls.Spending;
import org.alignment4j.oversight.debate.Debate;
import org.alignment4j.oversight.transcript.Transcripts;

/** The README's code of a debate of remote models. Between the markers it is the README's text. */
final class RemoteSnippet {
  private RemoteSnippet() {}

  static RunReport<ChoiceQuestion, Ruling> run(
      String url,
      String key,
      List<ChoiceQuestion> questions,
      Path folder,
      ExecutorService threads,
      PrintStream out) {
    // start of the README's code
    OpenAiChatModel chat =
        OpenAiChatModel.builder()
            .baseUrl(url)
            .apiKey(key)
            .modelName("small")
            .maxRetries(0) // the run below tries again, and counts it
            .build();
    LanguageModel model =
        LangChain4jModel.of(chat, RemoteModelId.of("openai", url, "small"))
            .seeds(SeedPolicy.unsent()) // or sent(...); without either, seeds are refused
            .hiding(key) // from messages of failures
            .build();
    Spending spending = // of all roles together
        Spending.FREE
            .withPrices((role, u) -> (0.4 * u.promptTokens() + 1.6 * u.completionTokens()) / 1e6)
            .withBudget(Budget.UNLIMITED.withCalls(500).withMoney(2));
    try (RecordedCalls calls =
        RecordedCalls.open(folder.resolve("calls.jsonl"), Map.of("run", "remote"), spending)) {
      ModelAgent debater = ModelAgent.of(calls.as("debater", model));
      Debate debate =
          Debate.between(debater, debater)
              .judgedBy(ModelJudge.of(JudgeModel.of(calls.as("judge", model))))
              .build();
      RunReport<ChoiceQuestion, Ruling> report =
          OversightRun.of("remote", debate, ChoiceQuestion::id)
              .concurrency(ConcurrencyLimits.atMost(4), threads)
              .run(questions);
      Transcripts.page("Remote debates", report.outcomes()).write(folder.resolve("remote.html"));
      report.failures().forEach((question, why) -> out.println(question.id() + ": " + why));
      out.println(report.incomplete() + " ended by the budget; spent " + calls.spent());
      return report;
    }
    // end of the README's code
  }
}
