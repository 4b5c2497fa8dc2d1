package org.alignment4j.rlhf.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.reward.Reward;
import org.alignment4j.api.reward.RewardModel;
import org.alignment4j.rlhf.data.Curation.Outcome;

/** Few, good and different examples. */
class CuratedChoiceProperties {

  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.strings().withChars("ab ").ofMaxLength(8).list().ofMaxSize(12);
  }

  @Property(tries = 300)
  void everyExampleGoesSomewhereForAReason(
      @ForAll("texts") List<String> texts,
      @ForAll @IntRange(min = 1, max = 6) int count,
      @ForAll long seed) {
    Random random = new Random(seed);
    double[] quality = random.doubles(texts.size()).map(x -> Math.rint(4 * x)).toArray();
    NearDuplicates rule = new NearDuplicates(0.6, 3);
    Curation curation = Curation.of(1, new DiversitySelector(count, rule, seed));
    Curation.Curated<String> curated = curation.select(texts, quality, t -> t);
    assertThat(curated).isEqualTo(curation.select(texts, quality, t -> t));
    assertThat(curated.decisions()).hasSize(texts.size());
    List<Integer> chosen = indices(curated, Outcome.CHOSEN);
    List<Integer> spare = indices(curated, Outcome.NOT_DIVERSE);
    assertThat(curated.examples())
        .containsExactlyElementsOf(chosen.stream().map(texts::get).toList());
    assertThat(chosen.size() + spare.size() > count || spare.isEmpty()).isTrue();
    assertThat(chosen).hasSizeLessThanOrEqualTo(count);
    for (Curation.Decision d : curated.decisions()) {
      int i = d.index();
      assertThat(d.quality()).isEqualTo(quality[i]);
      assertThat(d.outcome() == Outcome.LOW_QUALITY).isEqualTo(quality[i] < 1);
      boolean twin =
          IntStream.range(0, texts.size())
              .filter(j -> j != i && (chosen.contains(j) || spare.contains(j)))
              .anyMatch(
                  j ->
                      quality[j] >= quality[i]
                          && rule.similarity(texts.get(i), texts.get(j)) >= 0.6);
      if (d.outcome() == Outcome.NEAR_DUPLICATE) {
        assertThat(twin).as("one at least as good stays").isTrue();
      } else if (d.outcome() == Outcome.CHOSEN) {
        for (int j : chosen) {
          assertThat(i == j || rule.similarity(texts.get(i), texts.get(j)) < 0.6).isTrue();
        }
      }
    }
    int total = 0;
    for (Outcome outcome : Outcome.values()) {
      total += curated.count(outcome);
    }
    assertThat(total).isEqualTo(texts.size());
  }

  private static List<Integer> indices(Curation.Curated<?> curated, Outcome outcome) {
    return curated.decisions().stream()
        .filter(d -> d.outcome() == outcome)
        .map(Curation.Decision::index)
        .toList();
  }

  @Example
  void aRewardModelSaysWhatIsGoodAndTheBestOfTwinsStays() {
    RewardModel rewards =
        new RewardModel() {
          @Override
          public String id() {
            return "length";
          }

          @Override
          public List<Reward> score(
              List<PromptCompletion> answers, CancellationToken cancellation) {
            return answers.stream().map(a -> Reward.of(a.completion().length())).toList();
          }
        };
    Prompt prompt = Prompt.chat(Message.user("Tell me about dogs and their owners, please."));
    List<PromptCompletion> answers =
        List.of(
            new PromptCompletion(prompt, "No."),
            new PromptCompletion(prompt, "A dog is a good friend of all"),
            new PromptCompletion(prompt, "A dog is a good friend of all."),
            new PromptCompletion(Prompt.text("Zebras?"), "Striped animals that live in herds."));
    Curation.Curated<PromptCompletion> curated =
        Curation.of(4, DiversitySelector.of(10)).select(answers, rewards, CancellationToken.none());
    assertThat(curated.examples()).containsExactly(answers.get(2), answers.get(3));
    assertThat(curated.count(Outcome.LOW_QUALITY)).isEqualTo(1);
    assertThat(curated.count(Outcome.NEAR_DUPLICATE)).isEqualTo(1);
    assertThatThrownBy(
            () ->
                Curation.of(0, DiversitySelector.of(1))
                    .select(List.of("a", "b"), new double[] {1, Double.NaN}, t -> t))
        .hasMessage("quality[1] must be a number but was NaN");
    assertThatThrownBy(
            () ->
                Curation.of(0, DiversitySelector.of(1)).select(List.of("a"), new double[0], t -> t))
        .hasMessageContaining("each of 1 examples but has 0");
  }
}
