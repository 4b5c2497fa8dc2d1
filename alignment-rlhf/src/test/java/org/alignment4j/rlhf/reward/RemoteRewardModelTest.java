package org.alignment4j.rlhf.reward;

import static org.alignment4j.rlhf.reward.RewardServer.FAST;
import static org.alignment4j.rlhf.reward.RewardServer.send;
import static org.alignment4j.rlhf.reward.Scoring.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.alignment4j.api.BudgetExceededException;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.core.calls.ConcurrencyLimits;
import org.alignment4j.core.calls.UsageLedger;
import org.junit.jupiter.api.Test;

/** Rewards over HTTP: what is sent, read, kept secret and run at once. */
class RemoteRewardModelTest {

  private static final String KEY = "skverysecretkey";

  private static final RewardModel PARTS =
      EnsembleRewardModel.of(
          EnsembleScore.mean(),
          ImmutableMap.of(
              "value", Scoring.numbers("n"), "length", new Scoring("l", String::length)));

  @Test
  void aServedModelScoresAsItDoesHere() throws Exception {
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(PARTS))) {
      UsageLedger ledger = new UsageLedger();
      RemoteRewardModel remote = server.model().withBatchSize(2).withLedger(ledger);
      List<PromptCompletion> answers = answers("1", "22", "3", "0.5", "-7");
      List<Reward> here = PARTS.score(answers);
      List<Reward> there = remote.score(answers);
      for (int i = 0; i < here.size(); i++) {
        assertThat(there.get(i).value()).isEqualTo(here.get(i).value());
        assertThat(there.get(i).components()).isEqualTo(here.get(i).components());
      }
      assertThat(server.bodies)
          .containsExactlyInAnyOrder(
              "{\"query\":[\"x1\",\"x22\"],\"prompts\":[\"x\",\"x\"]}",
              "{\"query\":[\"x3\",\"x0.5\"],\"prompts\":[\"x\",\"x\"]}",
              "{\"query\":[\"x-7\"],\"prompts\":[\"x\"]}");
      assertThat(ledger.byRole().get(RemoteRewardModel.ROLE).calls()).isEqualTo(3);
      assertThat(remote.score(List.of())).isEmpty();
    }
  }

  @Test
  void anotherServersFieldsAreMapped() throws Exception {
    try (RewardServer server =
        new RewardServer(
            (exchange, body) ->
                send(exchange, 200, "{\"data\":[{\"data\":[0.25]},{\"data\":[-3e2]}]}"))) {
      RemoteRewardModel remote =
          server
              .model()
              .withProtocol(
                  JsonRewardProtocol.empty()
                      .constant("model", "rm")
                      .field("input", a -> a.completion())
                      .rewardsAt("/data", "/data/0"));
      assertThat(remote.score(answers("ä\"\n", "b")))
          .containsExactly(Reward.of(0.25), Reward.of(-300));
      assertThat(server.bodies)
          .containsExactly("{\"model\":\"rm\",\"input\":[\"ä\\\"\\n\",\"b\"]}");
    }
  }

  @Test
  void keysAreSentAndNeverShown() throws Exception {
    try (RewardServer server =
        new RewardServer(
            (exchange, body) ->
                send(
                    exchange,
                    body.contains("x1") ? 401 : 200,
                    body.contains("x1")
                        ? "bad key "
                            + exchange.getRequestHeaders().getFirst("Authorization")
                            + exchange.getRequestURI()
                        : KEY))) {
      RemoteRewardModel remote =
          RemoteRewardModel.of(server.uri("/rm?token=query-secret"))
              .withOptions(FAST)
              .withHeader("Authorization", "Bearer " + KEY);
      for (String answer : new String[] {"1", "2"}) {
        Throwable e = catchThrowableOfType(Exception.class, () -> remote.score(answers(answer)));
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
            .contains("/rm")
            .doesNotContain(KEY)
            .doesNotContain("query-secret");
      }
      assertThat(remote.toString() + remote.id())
          .doesNotContain(KEY)
          .doesNotContain("query-secret");
      assertThat(server.keys).containsOnly("Bearer " + KEY).hasSize(2);
    }
  }

  @Test
  void redirectionsAreNotFollowed() throws Exception {
    try (RewardServer other = RewardServer.of(RewardEndpoint.of(PARTS));
        RewardServer server =
            new RewardServer(
                (exchange, body) -> {
                  exchange.getResponseHeaders().set("Location", other.uri("/steal").toString());
                  send(exchange, 307, "");
                })) {
      RemoteRewardModel remote = server.model().withHeader("Authorization", "Bearer " + KEY);
      assertThatThrownBy(() -> remote.score(answers("1")))
          .isInstanceOf(RemoteCallException.class)
          .hasMessageContaining("status 307: a redirection, which is not followed");
      assertThat(other.bodies).isEmpty();
      HttpClient following =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
      assertThatThrownBy(() -> remote.withClient(following))
          .hasMessageContaining("client must follow no redirections")
          .hasMessageContaining("NORMAL");
    }
  }

  @Test
  void noMoreRequestsRunAtOnceThanAllowed() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger peak = new AtomicInteger();
    try (RewardServer server =
        new RewardServer(
            (exchange, body) -> {
              peak.accumulateAndGet(now.incrementAndGet(), Math::max);
              Thread.sleep(30);
              now.decrementAndGet();
              send(exchange, 200, "{\"rewards\": [1]}");
            })) {
      String[] texts = new String[12];
      Arrays.setAll(texts, Integer::toString);
      RemoteRewardModel remote =
          server
              .model()
              .withBatchSize(1)
              .withOptions(FAST.withConcurrency(ConcurrencyLimits.atMost(3)));
      assertThat(remote.score(answers(texts))).hasSize(12);
      assertThat(peak.get()).isBetween(2, 3);
    }
  }

  @Test
  void manyThreadsScoreAtOnce() throws Exception {
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(Scoring.numbers("n")))) {
      RemoteRewardModel remote = server.model().withBatchSize(3);
      ExecutorService pool = Executors.newFixedThreadPool(6);
      try {
        List<Callable<List<Reward>>> tasks = new ArrayList<>();
        for (int t = 0; t < 12; t++) {
          String[] texts = new String[10];
          for (int i = 0; i < texts.length; i++) {
            texts[i] = "" + (100 * t + i);
          }
          tasks.add(() -> remote.score(answers(texts)));
        }
        List<Future<List<Reward>>> results = pool.invokeAll(tasks);
        for (int t = 0; t < 12; t++) {
          for (int i = 0; i < 10; i++) {
            assertThat(results.get(t).get().get(i).value()).isEqualTo(100 * t + i);
          }
        }
      } finally {
        pool.shutdownNow();
      }
    }
  }

  @Test
  void aBudgetIsCarriedFromCallToCall() throws Exception {
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(Scoring.numbers("n")))) {
      RemoteRewardModel remote =
          server
              .model()
              .withBatchSize(1)
              .withLedger(new UsageLedger())
              .withOptions(FAST.withBudget(Budget.UNLIMITED.withCalls(3)));
      assertThat(remote.score(answers("1", "2"))).hasSize(2);
      BudgetExceededException e =
          catchThrowableOfType(
              BudgetExceededException.class, () -> remote.score(answers("3", "4", "5")));
      assertThat(e.resource()).isEqualTo("calls");
      assertThat(e).hasMessageContaining("after 1 of 3 requests");
      assertThat(server.bodies).hasSize(3);
    }
  }

  @Test
  void cancellationEndsTheWait() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Cancellation cancellation = new Cancellation();
    try (RewardServer server =
        new RewardServer(
            (exchange, body) -> {
              cancellation.cancel();
              end.await();
            })) {
      assertThatThrownBy(() -> server.model().score(answers("1"), cancellation))
          .isInstanceOf(CancelledException.class);
      end.countDown();
    }
  }

  @Test
  void whatCannotBeSentIsRefused() throws IOException {
    try (RewardServer server = RewardServer.of(RewardEndpoint.of(PARTS))) {
      assertThatThrownBy(
              () -> server.model().score(List.of(new PromptCompletion(Prompt.tokens(1), "a"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a prompt must be text to be sent but was token ids");
      Prompt chat = Prompt.chat(Message.user("Q"));
      assertThatThrownBy(() -> server.model().score(List.of(new PromptCompletion(chat, "a"))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContainingAll(
              "was a conversation; render it with the template",
              "remote.withProtocol(JsonRewardProtocol.openRlhf().field(\"query\", answer -> …)",
              ".field(\"prompts\"");
      assertThat(
              server
                  .model()
                  .withProtocol(
                      JsonRewardProtocol.openRlhf()
                          .field("query", answer -> "Q" + answer.completion())
                          .field("prompts", answer -> "Q"))
                  .score(List.of(new PromptCompletion(chat, "1"))))
          .hasSize(1);
      server.bodies.clear();
      assertThat(server.bodies).isEmpty();
    }
    for (String wrong : new String[] {"ftp://host/rm", "http:///rm", "rm"}) {
      assertThatThrownBy(() -> RemoteRewardModel.of(URI.create(wrong)))
          .hasMessageContaining("endpoint must be an http or https address");
    }
    assertThatThrownBy(() -> RemoteRewardModel.of(URI.create("https://me:pass@host/rm")))
        .hasMessageContaining("must not contain a user or password")
        .hasMessageNotContaining("pass@");
    assertThatThrownBy(
            () -> RemoteRewardModel.of(URI.create("http://localhost/rm")).withBatchSize(0))
        .hasMessage("batch size must be at least 1 but was 0");
  }

  @Test
  void identitiesNameEndpointAndProtocol() {
    RemoteRewardModel one = RemoteRewardModel.of(URI.create("http://localhost:1/rm"));
    assertThat(one.id())
        .contains("http://localhost:1/rm")
        .isNotEqualTo(one.withProtocol(JsonRewardProtocol.empty()).id());
  }
}
