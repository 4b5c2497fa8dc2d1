package org.alignment4j.examples.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.RunFolderException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.core.calls.RetryPolicy;
import org.alignment4j.examples.Remote;
import org.alignment4j.examples.console.ConsoleProgram;
import org.alignment4j.examples.remote.DebateServer.Fault;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.alignment4j.oversight.RunReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Debates over HTTP with an endpoint that fails in every way. */
@Timeout(300)
class RemoteDebateTest {
  private static final String KEY = "local-key-0123456789";
  private static final List<ChoiceQuestion> QUESTIONS = RemoteQuestions.bundled();
  private static final RetryPolicy QUICK =
      new RetryPolicy(20, Duration.ofMillis(1), 1, Duration.ofMillis(1), 0, Duration.ofMinutes(1));

  private final StringWriter shown = new StringWriter();

  private RemoteResult run(DebateServer server, Path folder, int rounds) {
    return run(server, folder, rounds, Duration.ofMinutes(1));
  }

  private RemoteResult run(DebateServer server, Path folder, int rounds, Duration timeout) {
    OpenAiEndpoint endpoint = new OpenAiEndpoint(server.url(), "small", KEY, timeout);
    RemoteSettings settings = new RemoteSettings(rounds, 8, 5, QUICK);
    return new RemoteDebate(endpoint, settings, folder, new PrintWriter(shown)).run(QUESTIONS);
  }

  /** All that was said and decided. */
  private static List<String> said(RunReport<ChoiceQuestion, Ruling> report) {
    List<String> said = new ArrayList<>();
    for (int i = 0; i < QUESTIONS.size(); i++) {
      Optional<Outcome<Ruling>> outcome = report.outcome(i);
      said.add(QUESTIONS.get(i).id() + (outcome.isEmpty() ? " failed" : ""));
      outcome.ifPresent(
          found -> {
            for (Turn turn : found.transcript().turns()) {
              said.add(turn.role() + turn.round() + turn.visible() + turn.hidden());
            }
            for (Verdict.Decided verdict : found.verdict().decided()) {
              said.add(verdict.choice() + verdict.reasons());
            }
            said.add("tokens " + found.usage().totalTokens());
          });
    }
    return said;
  }

  private static Fault anyOf(String request, Fault... faults) {
    return faults[Math.floorMod(request.hashCode() / 7, faults.length)];
  }

  /** Faults in turn; those that last until the time-out are rare. */
  private static Function<String, Fault> passing() {
    List<Fault> faults = new ArrayList<>();
    for (Fault fault :
        List.of(
            Fault.THROTTLED,
            Fault.SERVER_ERROR,
            Fault.DROPPED,
            Fault.CUT_OFF,
            Fault.SLOW,
            Fault.NONE)) {
      faults.addAll(List.of(fault, fault, fault));
    }
    faults.addAll(4, List.of(Fault.SILENT, Fault.DRIPPING));
    AtomicInteger next = new AtomicInteger();
    return request -> faults.get(next.getAndIncrement() % faults.size());
  }

  @Test
  void faultsThatPassChangeNothingAndNoAnswerIsAskedForTwice(@TempDir Path folder)
      throws IOException {
    List<String> quiet;
    List<String> quietDebate;
    String table;
    try (DebateServer server = new DebateServer(request -> Fault.NONE)) {
      RemoteResult result = run(server, folder.resolve("quiet"), 2);
      quiet = said(result.alone());
      quietDebate = said(result.debate());
      table = result.table();
      assertThat(server.requests()).isEqualTo(QUESTIONS.size() * (2 + 6));
      assertThat(folder.resolve("quiet").resolve("debates.html"))
          .content()
          .contains("Debates of ")
          .contains(QUESTIONS.get(0).text());
    }
    try (DebateServer server = new DebateServer(passing())) {
      RemoteResult result = run(server, folder.resolve("faulty"), 2, Duration.ofSeconds(5));

      assertThat(server.struck).containsAll(EnumSet.complementOf(EnumSet.of(Fault.MALFORMED)));
      assertThat(said(result.alone())).isEqualTo(quiet);
      assertThat(said(result.debate())).isEqualTo(quietDebate);
      assertThat(result.table()).isEqualTo(table);
      assertThat(result.failures()).isEmpty();
      assertThat(server.answers).hasSize(QUESTIONS.size() * (2 + 6));
      assertThat(server.answers.values()).containsOnly(1);
      assertThat(server.where(times -> times.size() > 2)).isEmpty();
      for (String request : server.throttled) {
        List<Long> times = server.arrivals.get(request);
        assertThat(times.get(1) - times.get(0))
            .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
      }
    }
  }

  @Test
  void aFinishedRunRepeatsWithoutACall(@TempDir Path folder) throws IOException {
    try (DebateServer server = new DebateServer(request -> Fault.NONE)) {
      RemoteResult first = run(server, folder, 1);
      int asked = server.requests();
      RemoteResult second = run(server, folder, 1);

      assertThat(server.requests()).isEqualTo(asked);
      assertThat(said(second.debate())).isEqualTo(said(first.debate()));
      assertThat(Files.readString(folder.resolve("table.txt"))).isEqualTo(first.table());
    }
  }

  @Test
  void whatCannotBeReadFailsItsQuestionAndTheNextRunAsksOnlyForThat(@TempDir Path folder)
      throws IOException {
    try (DebateServer server =
        new DebateServer(request -> anyOf(request, Fault.MALFORMED, Fault.NONE, Fault.NONE))) {
      RemoteResult first = run(server, folder, 1);
      assertThat(first.failures()).isNotEmpty();
      assertThat(first.failures().values())
          .allSatisfy(what -> assertThat(what).contains("must be readable"));
      Estimate accuracy = RemoteResult.accuracy(first.debate());
      assertThat(accuracy.failed()).isEqualTo(first.debate().failures().size());
      assertThat(accuracy.n() + accuracy.failed()).isEqualTo(QUESTIONS.size());
      assertThat(shown.toString()).contains(" failed: ");

      RemoteResult last = first;
      for (int again = 0; again < 6 && !last.failures().isEmpty(); again++) {
        last = run(server, folder, 1);
      }
      assertThat(last.failures()).isEmpty();
      assertThat(server.answers.values()).containsOnly(1);
      assertThat(server.answers).hasSize(QUESTIONS.size() * (2 + 4));
    }
  }

  @Test
  void theKeyIsSentAndShowsNowhere(@TempDir Path folder) throws IOException {
    try (DebateServer server = new DebateServer(request -> Fault.NONE)) {
      run(server, folder, 1);

      assertThat(server.keys).containsOnly("Bearer " + KEY);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file)).doesNotContain(KEY);
      }
    }
    assertThat(shown.toString()).contains("debate", "accuracy").doesNotContain(KEY);
    assertThat(new OpenAiEndpoint("http://localhost/v1", "m", KEY, Duration.ofSeconds(1)))
        .hasToString("http://localhost/v1 m");
  }

  @Test
  void anotherModelsRunIsNotGoneOnWith(@TempDir Path folder) throws IOException {
    try (DebateServer server = new DebateServer(request -> Fault.NONE)) {
      run(server, folder, 1);

      assertThatThrownBy(() -> run(server, folder, 2)).isInstanceOf(RunFolderException.class);
    }
  }

  @Test
  void theProgramRunsFromTheCommandLine(@TempDir Path folder) throws IOException {
    try (DebateServer server = new DebateServer(request -> Fault.NONE)) {
      CommandLine program = ConsoleProgram.of(new Remote()).setOut(new PrintWriter(shown));
      int code =
          program.execute(
              "--base-url", server.url(),
              "--model", "small",
              "--rounds", "1",
              "--key-variable", "ALIGNMENT4J_NO_SUCH_VARIABLE",
              "--run", folder.toString());

      assertThat(code).isZero();
      assertThat(server.keys).containsOnly("Bearer none");
      assertThat(shown.toString()).contains("judge alone", "debate");
    }
    StringWriter errors = new StringWriter();
    assertThat(
            ConsoleProgram.of(new Remote())
                .setErr(new PrintWriter(errors))
                .execute("--model", "m", "--base-url", "localhost", "--run", folder.toString()))
        .isEqualTo(1);
    assertThat(errors.toString()).contains("endpoint must be absolute");
  }

  @Test
  void questionsAreBalancedAndUnfitOnesRefused() {
    assertThat(QUESTIONS).hasSizeGreaterThanOrEqualTo(6);
    assertThat(QUESTIONS.stream().mapToInt(q -> q.answer().orElseThrow()).sum())
        .isEqualTo(QUESTIONS.size() / 2);
    assertThatThrownBy(() -> RemoteQuestions.parse("a\tb\tc"))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("5 fields but has 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RemoteSettings(0, 1, 1, QUICK))
        .withMessageContaining("at least 1");
  }
}
