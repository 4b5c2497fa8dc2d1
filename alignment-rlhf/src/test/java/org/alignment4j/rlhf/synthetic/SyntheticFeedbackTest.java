package org.alignment4j.rlhf.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.reward.PreferencePair;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.TestModels;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticFeedbackTest {

  static final SamplingOptions SAMPLING = SamplingOptions.sampling(8, 3);

  /** The number of letters e. */
  static final RewardModel LETTERS_E =
      new RewardModel() {
        @Override
        public String id() {
          return "letters e";
        }

        @Override
        public List<Reward> score(List<PromptCompletion> answers, CancellationToken token) {
          return answers.stream()
              .map(a -> Reward.of(a.completion().chars().filter(c -> c == 'e').count()))
              .toList();
        }
      };

  static ResponseConfiguration configuration(String name, LanguageModel model) {
    return new ResponseConfiguration(name, model, PromptStyle.plain(), SAMPLING);
  }

  private static ResponseConfiguration saying(String name, String... byPrompt) {
    return configuration(name, Ruled.ofTexts(name, (text, k) -> byPrompt[Integer.parseInt(text)]));
  }

  static List<Prompt> prompts(int count) {
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(Prompt.text(Integer.toString(i)));
    }
    return prompts;
  }

  private static final AssumedOrder ORDER =
      AssumedOrder.of(
          saying("large", "a tree here", "same", "", "one", "so be it", "Assistant: no"),
          saying("middle", "the bee", "same", "x|", "one two three four", "bee bee", "fine"),
          saying("small", "ok then", "other", "y", "e", "see three", "|"));

  @Test
  void everyPairRespectsTheOrderAndEveryDropIsCounted() {
    SyntheticPreferences all = SyntheticFeedback.of(ORDER).generate(prompts(6), token());
    assertThat(all.responses()).isEqualTo(18);
    assertThat(all.droppedResponses())
        .isEqualTo(Map.of("empty", 2, "truncated", 1, "further turns", 1));
    assertThat(all.droppedPairs())
        .isEqualTo(Map.of("identical answers", 1, "better answer much shorter", 1));
    assertThat(all.promptsWithoutPair()).as("the third and the sixth").isEqualTo(2);
    assertThat(all.preferences())
        .extracting(PreferencePair::prompt, PreferencePair::chosen, PreferencePair::rejected)
        .containsExactly(
            tuple(0, "a tree here", "the bee"),
            tuple(0, "a tree here", "ok then"),
            tuple(0, "the bee", "ok then"),
            tuple(1, "same", "other"),
            tuple(1, "same", "other"),
            tuple(3, "one", "e"),
            tuple(3, "one two three four", "e"),
            tuple(4, "so be it", "bee bee"),
            tuple(4, "so be it", "see three"),
            tuple(4, "bee bee", "see three"));
    assertThat(all.preferences().get(2).annotator()).isEqualTo("assumed: middle > small");
    assertThat(all.preferences().get(2).probability()).isEqualTo(1);
    List<String> names = List.of("large", "middle", "small");
    for (SyntheticPair pair : all.pairs()) {
      assertThat(names.indexOf(pair.better().configuration()))
          .isLessThan(names.indexOf(pair.worse().configuration()));
    }
    assertThat(all.provenance().options()).containsKey("configuration 2");
    assertThat(all.provenance().parents()).hasSize(3);
    assertThat(all.provenance())
        .isEqualTo(SyntheticFeedback.of(ORDER).generate(prompts(6), token()).provenance());
  }

  static CancellationToken token() {
    return CancellationToken.none();
  }

  private static org.assertj.core.groups.Tuple tuple(int prompt, String chosen, String rejected) {
    return org.assertj.core.groups.Tuple.tuple(
        Prompt.text(Integer.toString(prompt)), chosen, rejected);
  }

  @Test
  void filtersOnlyLeaveOut() {
    List<SyntheticPair> free =
        SyntheticFeedback.of(ORDER).accepting().believing().generate(prompts(6), token()).pairs();
    List<SyntheticPair> some =
        SyntheticFeedback.of(ORDER).believing().generate(prompts(6), token()).pairs();
    SyntheticPreferences scored =
        SyntheticFeedback.of(ORDER)
            .believing(PairFilter.reward(LETTERS_E, 0))
            .generate(prompts(6), token());
    SyntheticPreferences strict =
        SyntheticFeedback.of(ORDER)
            .believing(PairFilter.length(0.5), PairFilter.reward(LETTERS_E, 1))
            .generate(prompts(6), token());
    assertThat(free).hasSize(6 * 3 - 1);
    assertThat(free).containsAll(some);
    assertThat(some).containsAll(scored.pairs());
    assertThat(scored.pairs()).containsAll(strict.pairs());
    assertThat(scored.preferences())
        .extracting(PreferencePair::prompt, PreferencePair::chosen, PreferencePair::rejected)
        .containsExactly(
            tuple(0, "a tree here", "the bee"),
            tuple(0, "a tree here", "ok then"),
            tuple(0, "the bee", "ok then"),
            tuple(3, "one two three four", "e"));
    assertThat(strict.preferences())
        .extracting(PreferencePair::prompt, PreferencePair::chosen, PreferencePair::rejected)
        .containsExactly(
            tuple(0, "a tree here", "ok then"),
            tuple(0, "the bee", "ok then"),
            tuple(3, "one two three four", "e"));
    assertThat(scored.droppedPairs())
        .isEqualTo(Map.of("identical answers", 1, "reward model disagrees", some.size() - 4));
  }

  @Test
  void aLargerModelBeatsASmallerOne(@TempDir Path folder) {
    Ruled tiny = Ruled.ofTexts("tiny", (text, k) -> "no");
    try (DecoderModel pocket = TestModels.pocket(folder)) {
      SizedModel large = SizedModel.of("pocket", pocket);
      assertThat(large.parameters())
          .isEqualTo(pocket.weights().tensors().stream().mapToLong(t -> t.size()).sum());
      AssumedOrder order =
          AssumedOrder.largerFirst(
              List.of(new SizedModel("tiny", tiny, 10), large), PromptStyle.plain(), SAMPLING);
      List<PreferencePair> pairs =
          SyntheticFeedback.of(order)
              .accepting()
              .believing()
              .generate(List.of(Prompt.text("One day Tim")), token())
              .preferences();
      assertThat(pairs).hasSize(1);
      assertThat(pairs.get(0).rejected()).isEqualTo("no");
      assertThat(pairs.get(0).chosen())
          .isEqualTo(pocket.generate(Prompt.text("One day Tim"), SAMPLING).text());
    }
    assertThatThrownBy(
            () ->
                AssumedOrder.largerFirst(
                    List.of(new SizedModel("a", tiny, 10), new SizedModel("b", tiny, 10)),
                    PromptStyle.plain(),
                    SAMPLING))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "models must differ in size to be ordered by it but 'a' and 'b' have 10 parameters");
  }

  @Test
  void openingsAreDropped() {
    ResponseFilter filter = ResponseFilter.notBeginningWith(List.of("I don't know", "Well"));
    assertThat(filter.keeps(new SyntheticResponse(0, Prompt.text("p"), "c", "  well, yes", false)))
        .isFalse();
    assertThat(filter.keeps(new SyntheticResponse(0, Prompt.text("p"), "c", "Yes, well", false)))
        .isTrue();
    assertThat(filter.reason()).isEqualTo("opening");
  }

  @Test
  void badInputIsRefused() {
    ResponseConfiguration one = saying("one", "a");
    assertThatThrownBy(() -> AssumedOrder.of(one))
        .hasMessage("an order must have at least two configurations but has 1");
    assertThatThrownBy(() -> AssumedOrder.of(one, saying("one", "b")))
        .hasMessage("configurations must have different names but two are 'one'");
    assertThatThrownBy(() -> SyntheticFeedback.of(ORDER).generate(List.of(), token()))
        .hasMessageContaining("prompts must hold at least one");
    assertThatThrownBy(() -> PairFilter.length(-1)).hasMessageContaining("-1.0");
    assertThatThrownBy(() -> PairFilter.reward(LETTERS_E, Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new SizedModel("none", one.model(), 0))
        .hasMessageContainingAll("'none'", "were 0");
    assertThatThrownBy(() -> SelfPlay.of(one, LETTERS_E, 0)).hasMessageContaining("but was 0");
    assertThatThrownBy(
            () ->
                SelfPlay.of(
                    new ResponseConfiguration(
                        "greedy", one.model(), PromptStyle.plain(), SamplingOptions.greedy(3)),
                    LETTERS_E,
                    2))
        .hasMessageContainingAll("'greedy'", "must be positive");
    assertThatThrownBy(() -> SyntheticFeedback.of(ORDER).generate(prompts(1), () -> true))
        .isInstanceOf(CancelledException.class);
    LanguageModel silent =
        new LanguageModel() {
          @Override
          public String id() {
            return "silent";
          }

          @Override
          public List<Completion> generate(
              List<? extends Prompt> prompts, SamplingOptions options, CancellationToken token) {
            return List.of();
          }
        };
    assertThatThrownBy(
            () ->
                SyntheticFeedback.of(AssumedOrder.of(configuration("silent", silent), one))
                    .generate(prompts(1), token()))
        .isInstanceOf(ModelExecutionException.class)
        .hasMessageContainingAll("'silent'", "each of 1 prompts but gave 0");
  }
}
