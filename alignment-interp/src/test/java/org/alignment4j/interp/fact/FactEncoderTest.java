package org.alignment4j.interp.fact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.pocket.PocketModel;
import org.alignment4j.pocket.world.Relation;
import org.alignment4j.runtime.DecoderModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where subjects stand in prompts, with the tokenizers of the pocket model and of stories260K. */
class FactEncoderTest {

  @TempDir static Path folder;
  private static DecoderModel model;
  private static FactEncoder encoder;

  @BeforeAll
  static void load() {
    model = DecoderModel.load(PocketModel.copyTo(folder));
    encoder = new FactEncoder(model.tokenizer());
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static String subject(SubjectPrompt prompt) {
    return model
        .tokenizer()
        .decode(prompt.tokens().slice(prompt.subjectFirst(), prompt.subjectLast() + 1));
  }

  @Test
  void theSubjectsTokensSpellTheSubject() {
    for (Fact fact : PocketFacts.of(Relation.HOME).subList(0, 40)) {
      assertThat(subject(encoder.encode(fact).prompt())).isEqualTo(fact.subject());
      String within = "People say that " + fact.prompt();
      assertThat(subject(encoder.locate(within, fact.subject())))
          .as("with the space before it")
          .isEqualTo(" " + fact.subject());
    }
  }

  @Test
  void theLastOfSeveralPlacesCounts() {
    SubjectPrompt twice = encoder.locate("Spain and Spain speak", "Spain");
    assertThat(twice.tokens().slice(0, twice.subjectFirst()))
        .isEqualTo(model.tokenizer().encode("Spain and"));
    assertThat(subject(twice)).isEqualTo(" Spain");
  }

  @Test
  void wholeWordsComeBeforePartsOfWords() {
    SubjectPrompt whole = encoder.locate("Oman is no Romania", "Oman");
    assertThat(whole.subjectFirst()).isZero();
    SubjectPrompt word = encoder.locate("Mali, not Malibu", "Mali");
    assertThat(word.subjectFirst()).isZero();
  }

  @Test
  void aSubjectWithinAWordIsRefused() {
    for (String part : List.of("Mos", "oss", "alph")) {
      assertThatThrownBy(() -> encoder.locate("Ralph Moss lives in", part))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "must be whole words of the prompt but '" + part + "' is only part");
    }
    assertThat(encoder.locate("Ralph Moss's home is", "Ralph Moss").subjectFirst()).isZero();
  }

  @Test
  void aSubjectThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> encoder.locate("The capital of France is", "Spain"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the prompt must contain its subject but 'The capital of France is' does not have"
                + " 'Spain'; check spelling, capitals and spaces");
  }

  @Test
  void promptAndAnswerAreTokenisedJointly() {
    Cloze cloze = encoder.cloze("The capital of France is", "Paris");
    assertThat(cloze.sequence())
        .isEqualTo(model.tokenizer().encode("The capital of France is Paris"));
    assertThat(model.tokenizer().decode(cloze.target())).isEqualTo(" Paris");
  }

  @Test
  void aPromptThatEndsInASpaceCannotBeToldFromTheAnswer() {
    assertThatThrownBy(() -> encoder.cloze("The capital of France is ", "Paris"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("end the prompt at a word, without a space");
  }

  @Test
  void beginningOfSequenceTokensArePartOfThePrompt() {
    try (DecoderModel stories = DecoderModel.load(SharedData.require("models/stories260K"))) {
      FactEncoder other = new FactEncoder(stories.tokenizer());
      SubjectPrompt prompt = other.locate("Once Lily went to the", "Lily");
      assertThat(prompt.tokens().get(0)).isEqualTo(stories.tokenizer().bosId().orElseThrow());
      assertThat(
              stories
                  .tokenizer()
                  .decode(prompt.tokens().slice(prompt.subjectFirst(), prompt.subjectLast() + 1))
                  .strip())
          .isEqualTo("Lily");
    }
  }

  @Test
  void scoresAreThoseOfTheModel() {
    List<Cloze> clozes =
        List.of(
            encoder.cloze("The capital of France is", "Paris"),
            encoder.cloze("People in Spain speak", "Spanish"));
    double[] scores = ClozeScores.logProbabilities(model, clozes, CancellationToken.none());
    for (int i = 0; i < scores.length; i++) {
      TokenIds sequence = clozes.get(i).sequence();
      double naive = 0;
      for (int t = clozes.get(i).prompt().size(); t < sequence.size(); t++) {
        float[] logits = model.forward(sequence.slice(0, t)).execute().logits(0, -1);
        double sum = 0;
        for (float logit : logits) {
          sum += Math.exp(logit);
        }
        naive += logits[sequence.get(t)] - Math.log(sum);
      }
      assertThat(scores[i]).isCloseTo(naive, within(1e-4));
    }
    double tokens = clozes.stream().mapToInt(c -> c.target().size()).sum();
    assertThat(ClozeScores.perplexity(model, clozes, CancellationToken.none()))
        .isCloseTo(Math.exp(-(scores[0] + scores[1]) / tokens), within(1e-6));
  }
}
