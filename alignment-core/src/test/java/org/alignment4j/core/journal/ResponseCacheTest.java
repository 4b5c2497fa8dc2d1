package org.alignment4j.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.LogProbs;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.TokenLogProb;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.provenance.ContentHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseCacheTest {

  private static final SamplingOptions GREEDY = SamplingOptions.greedy(8);

  @TempDir Path folder;

  @Test
  void aCompletionComesBackWhole() {
    Completion whole =
        new Completion(
            "yes\n",
            TokenIds.of(5, 9),
            LogProbs.of(-0.1, Double.NEGATIVE_INFINITY),
            LogProbs.of(-0.3, -0.25),
            List.of(
                List.of(new TokenLogProb("yes", OptionalInt.of(5), -0.1)),
                List.of(new TokenLogProb("no", OptionalInt.empty(), Double.NEGATIVE_INFINITY))),
            FinishReason.LENGTH,
            new Usage(1, 2, 3, 4, 5, 6, Duration.ofMillis(1234)));
    Completion bare = Completion.of("", FinishReason.UNKNOWN, Usage.NONE);
    Path file = folder.resolve("cache.jsonl");
    try (ResponseCache cache = ResponseCache.open(file)) {
      assertThat(cache.get(key("a"), () -> whole)).isEqualTo(whole);
      assertThat(cache.get(key("b"), () -> bare)).isEqualTo(bare);
    }
    try (ResponseCache cache = ResponseCache.open(file)) {
      assertThat(cache.get(key("a"))).contains(whole);
      assertThat(cache.get(key("b"))).contains(bare);
    }
  }

  @Test
  void errorsAreNotKept() {
    try (ResponseCache cache = ResponseCache.open(folder.resolve("cache.jsonl"))) {
      assertThatThrownBy(
              () ->
                  cache.get(
                      key("a"),
                      () -> {
                        throw new RemoteCallException("overloaded", 503, true, null, null);
                      }))
          .isInstanceOf(RemoteCallException.class);
      assertThat(cache.get(key("a"))).isEmpty();
      assertThat(cache.get(key("a"), () -> answer("now")).text()).isEqualTo("now");
    }
  }

  @Test
  void aRepeatedRunCallsNoModel() {
    Path file = folder.resolve("cache.jsonl");
    List<Prompt> prompts = List.of(Prompt.text("a"), Prompt.text("b"), Prompt.text("a"));
    Counting first = new Counting("m");
    List<Completion> answers;
    try (ResponseCache cache = ResponseCache.open(file)) {
      answers = cache.caching(first).generate(prompts, GREEDY);
    }
    // The greedy answer to a prompt that occurs twice is asked for once.
    assertThat(first.asked).containsExactly(Prompt.text("a"), Prompt.text("b"));
    assertThat(answers.get(2)).isEqualTo(answers.get(0));
    Counting second = new Counting("m");
    try (ResponseCache cache = ResponseCache.open(file)) {
      assertThat(cache.caching(second).generate(prompts, GREEDY)).isEqualTo(answers);
      assertThat(second.asked).isEmpty();
      assertThat(cache.caching(second).generate(List.of(Prompt.text("c")), GREEDY)).hasSize(1);
      assertThat(second.asked).containsExactly(Prompt.text("c"));
    }
  }

  @Test
  void samplesOfOnePromptStayApartAndOneAskedAgainKeepsItsNumber() {
    SamplingOptions sampled = SamplingOptions.sampling(8, 3);
    Counting model = new Counting("m");
    List<Prompt> twice = List.of(Prompt.text("a"), Prompt.text("a"));
    List<Completion> direct = new Counting("m").generate(twice, sampled);
    try (ResponseCache cache = ResponseCache.open(folder.resolve("cache.jsonl"))) {
      LanguageModel caching = cache.caching(model);
      assertThat(caching.generate(List.of(Prompt.text("a")), sampled)).hasSize(1);
      assertThat(caching.generate(twice, sampled)).isEqualTo(direct);
      assertThat(caching.generate(twice, sampled)).isEqualTo(direct);
      assertThat(model.asked).hasSize(3);
      // Neighbours change nothing: only the prompt that is new is asked for.
      List<Prompt> mixed = List.of(Prompt.text("b"), Prompt.text("a"), Prompt.text("a"));
      assertThat(caching.generate(mixed, sampled).subList(1, 3)).isEqualTo(direct);
      assertThat(model.asked).hasSize(4);
    }
  }

  @Test
  void everyPartOfARequestIsInItsKey() {
    Prompt prompt = Prompt.text("a");
    List<ContentHash> keys =
        List.of(
            RequestKey.of("m", prompt, GREEDY, 0),
            RequestKey.of("n", prompt, GREEDY, 0),
            RequestKey.of("m", prompt, GREEDY, 1),
            RequestKey.of("m", Prompt.text("b"), GREEDY, 0),
            RequestKey.of("m", Prompt.chat(Message.user("a")), GREEDY, 0),
            RequestKey.of("m", Prompt.chat(Message.system("a")), GREEDY, 0),
            RequestKey.of("m", Prompt.tokens(1), GREEDY, 0),
            RequestKey.of("m", prompt, SamplingOptions.greedy(9), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().temperature(0.5).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().topK(1).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().topP(0.5).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().minP(0.5).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().typicalP(0.5).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().epsilonCutoff(0.5).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().etaCutoff(0.5).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().repetitionPenalty(2).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().noRepeatNgramSize(2).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().stopStrings("x").build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().ignoreEos(true).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().seed(0).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().logProbs(true).build(), 0),
            RequestKey.of("m", prompt, GREEDY.toBuilder().topLogProbs(2).build(), 0));
    assertThat(keys).doesNotHaveDuplicates();
    assertThat(RequestKey.of("m", Prompt.text("a"), SamplingOptions.greedy(8), 0))
        .isEqualTo(keys.get(0));
    // Options gained a part that the key does not know: add it to RequestKey and to this list.
    assertThat(SamplingOptions.class.getRecordComponents()).hasSize(15);
  }

  private static ContentHash key(String text) {
    return PlainJson.key(text);
  }

  private static Completion answer(String text) {
    return Completion.of(text, FinishReason.STOP_STRING, Usage.ofGeneration(1, 1, Duration.ZERO));
  }

  /** Answers with the prompt and, when sampling, how often the call had it before. */
  private static final class Counting implements LanguageModel {
    private final String id;
    private final List<Prompt> asked = new ArrayList<>();

    Counting(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      List<Completion> answers = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        Prompt prompt = prompts.get(i);
        asked.add(prompt);
        int sample = Collections.frequency(prompts.subList(0, i), prompt);
        answers.add(answer(prompt + (options.isGreedy() ? "" : " " + sample)));
      }
      return answers;
    }
  }
}
