package org.alignment4j.rlhf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Guidance;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.rlhf.decoding.Debiasing;
import org.alignment4j.rlhf.decoding.SelfDebiasing;
import org.alignment4j.rlhf.decoding.UndesiredAttribute;
import org.alignment4j.runtime.DecoderModel;
import org.alignment4j.runtime.checkpoint.ConfigJson;
import org.alignment4j.runtime.checkpoint.Weights;
import org.alignment4j.runtime.generate.SequenceRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against decoding that reads everything anew at each token, in float64. */
class SelfDebiasingTest {

  private static final int VOCAB = 12;
  private static final int LENGTH = 7;
  private static final TokenIds FIRST = TokenIds.of(1, 7);
  private static final TokenIds SECOND = TokenIds.of(3, 3, 9, 2);
  private static final Debiasing STRONG = new Debiasing(30, 0.02);

  private static DecoderModel pocket;

  @BeforeAll
  static void load(@TempDir Path folder) {
    pocket = TestModels.pocket(folder);
  }

  @AfterAll
  static void close() {
    if (pocket != null) {
      pocket.close();
    }
  }

  private static SelfDebiasing debiased(DecoderModel model) {
    return SelfDebiasing.of(model, UndesiredAttribute.of(FIRST), UndesiredAttribute.of(SECOND))
        .with(STRONG);
  }

  private static List<Prompt> prompts() {
    return List.of(
        Prompt.tokens(4, 5, 6),
        Prompt.tokens(2),
        Prompt.tokens(4, 5, 6),
        Prompt.tokens(11, 0, 8, 8));
  }

  private static double[] distribution(Float64Decoder decoder, TokenIds context) {
    double[] p = new double[VOCAB];
    for (int w = 0; w < VOCAB; w++) {
      p[w] = Math.exp(decoder.logProb(context, TokenIds.of(w)));
    }
    return p;
  }

  /** p̃ of the paper, normalised. */
  private static double[] debiased(Float64Decoder decoder, TokenIds context) {
    double[] p = distribution(decoder, context);
    double[] first = distribution(decoder, FIRST.concat(context));
    double[] second = distribution(decoder, SECOND.concat(context));
    double sum = 0;
    for (int w = 0; w < VOCAB; w++) {
      double difference = Math.min(p[w] - first[w], p[w] - second[w]);
      p[w] *= difference >= 0 ? 1 : Math.max(0.02, Math.exp(30 * difference));
      sum += p[w];
    }
    for (int w = 0; w < VOCAB; w++) {
      p[w] /= sum;
    }
    return p;
  }

  private static int draw(double[] p, double uniform) {
    double cumulative = 0;
    for (int w = 0; w < p.length; w++) {
      cumulative += p[w];
      if (cumulative > uniform) {
        return w;
      }
    }
    return p.length - 1;
  }

  private static int largest(double[] p) {
    int best = 0;
    for (int w = 1; w < p.length; w++) {
      best = p[w] > p[best] ? w : best;
    }
    return best;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama"})
  void everyTokenIsThatOfTheNaiveDecoder(String family) {
    ConfigJson config = TestModels.config(family, VOCAB, 16, 2, 32);
    Weights weights = TestModels.weights(config, 0.5);
    Float64Decoder decoder = new Float64Decoder(family, VOCAB, 16, 2, weights);
    try (DecoderModel model = TestModels.of(config, weights)) {
      SamplingOptions greedy =
          SamplingOptions.builder(LENGTH).temperature(0).logProbs(true).build();
      SamplingOptions sampling = SamplingOptions.builder(LENGTH).seed(9).logProbs(true).build();
      List<Completion> greedily = debiased(model).generate(prompts(), greedy);
      List<Completion> sampled = debiased(model).generate(prompts(), sampling);
      int changed = 0;
      int compared = 0;
      for (int i = 0; i < 4; i++) {
        TokenIds prompt = ((Prompt.Tokens) prompts().get(i)).ids();
        SequenceRandom random = SequenceRandom.ofSample(9, prompt.toArray(), i == 2 ? 1 : 0);
        TokenIds best = greedily.get(i).tokens();
        for (int t = 0; t < best.size(); t++) {
          double[] p = debiased(decoder, prompt.concat(best.slice(0, t)));
          assertThat(best.get(t)).isEqualTo(largest(p));
          assertThat(greedily.get(i).logProbs().get(t))
              .isCloseTo(Math.log(p[best.get(t)]), within(2e-4));
          double[] plain = distribution(decoder, prompt.concat(best.slice(0, t)));
          changed += largest(p) == largest(plain) ? 0 : 1;
        }
        TokenIds drawn = sampled.get(i).tokens();
        for (int t = 0; t < drawn.size(); t++) {
          double[] p = debiased(decoder, prompt.concat(drawn.slice(0, t)));
          assertThat(drawn.get(t)).isEqualTo(draw(p, random.uniform(t)));
        }
        compared += best.size() + drawn.size();
      }
      assertThat(compared).as("tokens").isGreaterThan(40);
      assertThat(changed).as("greedy tokens that debiasing changed").isPositive();
      assertThat(sampled.get(0).tokens()).isNotEqualTo(sampled.get(2).tokens());
      assertThat(greedily.get(1).usage().promptTokens())
          .as("tokens of the prompt and of both inputs")
          .isEqualTo(1 + 3 + 5);
    }
  }

  /** Rows end at different tokens here, and more rows than go through the model together. */
  @Test
  void anAnswerDependsOnItsPromptAlone() {
    SelfDebiasing model =
        SelfDebiasing.of(
            pocket, UndesiredAttribute.of("something sad"), UndesiredAttribute.of("a bad dog"));
    SamplingOptions options = SamplingOptions.builder(24).seed(5).stopStrings(".", " and").build();
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      prompts.add(Prompt.text("One day " + (char) ('A' + i % 26) + "im saw" + " a".repeat(i % 3)));
    }
    List<Completion> together = model.generate(prompts, options);
    assertThat(together.stream().map(c -> c.tokens().size()).distinct().count()).isGreaterThan(3);
    for (int i = 0; i < 30; i += 7) {
      assertThat(model.generate(prompts.get(i), options).text()).isEqualTo(together.get(i).text());
    }
    List<Completion> plain = pocket.generate(prompts, options);
    assertThat(together).extracting(Completion::text).isNotEqualTo(texts(plain));
    assertThat(texts(model.with(new Debiasing(0, 1)).generate(prompts, options)))
        .isEqualTo(texts(plain));
  }

  private static List<String> texts(List<Completion> completions) {
    return completions.stream().map(Completion::text).toList();
  }

  @Test
  void onlyTheRequestThatDoesNotFitFails() {
    SelfDebiasing model = SelfDebiasing.of(pocket, UndesiredAttribute.of("a threat"));
    SamplingOptions options = SamplingOptions.sampling(16, 1);
    Prompt prompt = Prompt.text("Once");
    List<GenerationOutcome> outcomes =
        model.sample(
            List.of(
                GenerationRequest.of(Prompt.tokens(1, 2)),
                new GenerationRequest(prompt, 1, null),
                GenerationRequest.of(prompt).with(new Guidance(Prompt.text("x"), 2)),
                GenerationRequest.of(prompt)),
            options);
    assertThatThrownBy(() -> outcomes.get(0).completion())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give the attribute as tokens");
    assertThatThrownBy(() -> outcomes.get(2).completion())
        .hasMessageContaining("guidance must be absent");
    List<Completion> both = model.generate(List.of(prompt, prompt), options);
    assertThat(outcomes.get(3).completion().text()).isEqualTo(both.get(0).text());
    assertThat(outcomes.get(1).completion().text()).isEqualTo(both.get(1).text());
    assertThat(outcomes.get(1).completion().text()).isNotEqualTo(both.get(0).text());
  }

  @Test
  void inputsAreWhatThePaperPutsBeforeThePrompt() {
    UndesiredAttribute threat = UndesiredAttribute.of("a threat");
    assertThat(threat.input(Prompt.text("You")))
        .isEqualTo(Prompt.text("The following text contains a threat:\nYou"));
    assertThat(threat.input(Prompt.chat(Message.user("Hi"))))
        .isEqualTo(
            Prompt.chat(
                Message.system("The following text contains a threat:"), Message.user("Hi")));
    assertThat(threat.input(Prompt.chat(Message.system("Be brief."), Message.user("Hi"))))
        .isEqualTo(
            Prompt.chat(
                Message.system("The following text contains a threat:\nBe brief."),
                Message.user("Hi")));
    assertThat(UndesiredAttribute.of(FIRST).input(Prompt.tokens(5)))
        .isEqualTo(Prompt.tokens(1, 7, 5));
  }

  @Test
  void badInputIsRefused() {
    assertThatThrownBy(() -> SelfDebiasing.of(pocket))
        .hasMessage("attributes must name at least one but name none");
    assertThatThrownBy(() -> UndesiredAttribute.of(" "))
        .hasMessage("description must say something but was blank");
    assertThatThrownBy(() -> UndesiredAttribute.of(TokenIds.empty()))
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> UndesiredAttribute.of(FIRST).input(Prompt.text("x")))
        .hasMessageContaining("give the attribute in words");
    SelfDebiasing model = SelfDebiasing.of(pocket, UndesiredAttribute.of("a threat"));
    int context = pocket.architecture().config().maxPositions();
    assertThatThrownBy(
            () -> model.generate(Prompt.text("Once"), SamplingOptions.greedy(context - 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "must fit the context of " + context + " tokens", "up to " + (context - 1));
    assertThatThrownBy(
            () ->
                model.generate(List.of(Prompt.text("Once")), SamplingOptions.greedy(4), () -> true))
        .isInstanceOf(CancelledException.class);
    assertThat(model.id()).contains(pocket.id(), "a threat", "50.0");
    assertThat(model.id()).isNotEqualTo(model.with(new Debiasing(10, 0.01)).id());
  }
}
