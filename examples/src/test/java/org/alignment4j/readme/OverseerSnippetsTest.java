package org.alignment4j.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.guardrail.OutputGuardrailException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.examples.remote.DebateServer;
import org.alignment4j.examples.remote.DebateServer.Fault;
import org.alignment4j.examples.remote.RemoteQuestions;
import org.alignment4j.langchain4j.AlignmentChatModel;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's code of remote models, guardrails and people does what it says. */
final class OverseerSnippetsTest {
  private static final List<ChoiceQuestion> QUESTIONS = RemoteQuestions.bundled().subList(0, 2);

  /** Says one thing after the other, the last one for ever. */
  private static LanguageModel saying(String... replies) {
    List<String> left = new ArrayList<>(List.of(replies));
    return new LanguageModel() {
      @Override
      public String id() {
        return "said";
      }

      @Override
      public List<Completion> generate(
          List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
        return prompts.stream()
            .map(p -> left.size() > 1 ? left.remove(0) : left.get(0))
            .map(text -> Completion.of(text, FinishReason.EOS, Usage.NONE))
            .toList();
      }
    };
  }

  @Test
  void itDebatesRemotelyWithinABudgetAndRepeatsFromItsCalls(@TempDir Path folder)
      throws IOException {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (DebateServer server = new DebateServer(request -> Fault.NONE)) {
      RunReport<ChoiceQuestion, Ruling> report =
          RemoteSnippet.run(server.url(), "local-key", QUESTIONS, folder, threads, out);
      assertThat(report.complete()).isEqualTo(2);
      assertThat(folder.resolve("remote.html")).content().contains(QUESTIONS.get(0).text());
      assertThat(shown.toString(StandardCharsets.UTF_8))
          .startsWith("0 ended by the budget; spent ");
      int asked = server.requests();
      RemoteSnippet.run(server.url(), "local-key", QUESTIONS, folder, threads, out);
      assertThat(server.requests()).isEqualTo(asked);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void itAsksAgainForAnswersThatKeepThePrinciples() {
    List<ChatRequest> asked = new ArrayList<>();
    AlignmentChatModel rude =
        AlignmentChatModel.of(saying("Go away!", "Good day!"), SamplingOptions.greedy(20));
    ChatModel chat =
        new ChatModel() {
          @Override
          public dev.langchain4j.model.chat.response.ChatResponse doChat(ChatRequest request) {
            asked.add(request);
            return rude.chat(request);
          }
        };
    LanguageModel judge = saying("[[breaks]]", "[[keeps]]", "[[keeps]]", "[[keeps]]");
    assertThat(GuardrailSnippet.assistant(chat, judge).chat("Hello?")).isEqualTo("Good day!");
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1).messages().toString())
        .contains("The answer is polite.")
        .doesNotContain("neighbours");
    assertThatThrownBy(
            () ->
                GuardrailSnippet.assistant(
                        AlignmentChatModel.of(saying("Go away!"), SamplingOptions.greedy(20)),
                        saying("[[breaks]]"))
                    .chat("Hello?"))
        .isInstanceOf(OutputGuardrailException.class);
  }

  @Test
  void aPersonJudgesByFiles(@TempDir Path folder) throws IOException {
    Agent debater =
        (view, context) -> new Turn(view.role(), view.round(), "So.", "", true, 1, Usage.NONE);
    RunReport<ChoiceQuestion, Ruling> first = HumanSnippet.run(debater, QUESTIONS, folder);
    assertThat(first.failures().values()).hasSize(2).allMatch(why -> why.contains("replies.jsonl"));
    String requests = Files.readString(folder.resolve("person/requests.jsonl"));
    StringBuilder replies = new StringBuilder();
    Matcher id = Pattern.compile("\"id\":\"(\\w+)\"").matcher(requests);
    while (id.find()) {
      replies.append("{\"id\": \"").append(id.group(1)).append("\", \"choice\": \"A\"}\n");
    }
    Files.writeString(folder.resolve("person/replies.jsonl"), replies);
    RunReport<ChoiceQuestion, Ruling> second = HumanSnippet.run(debater, QUESTIONS, folder);
    assertThat(second.complete()).isEqualTo(2);
    assertThat(second.outcome(0).orElseThrow().verdict().share(QUESTIONS.get(0).options().get(0)))
        .hasValue(1);
  }
}
