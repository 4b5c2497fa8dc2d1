package org.alignment4j.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.util.List;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.TokenIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generated tokens and scores against those of Hugging Face transformers and llama2.c. */
class GenerationReferenceTest {

  private static JsonNode json(String relative) throws Exception {
    return new ObjectMapper().readTree(Files.readString(SharedFiles.require(relative)));
  }

  private static int[] ints(JsonNode node) {
    int[] out = new int[node.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = node.get(i).intValue();
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void greedyTokens(String name) throws Exception {
    JsonNode expected = json("fixtures/models/" + name + "/expected.json");
    JsonNode greedy = expected.get("generation");
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("fixtures/models/" + name))) {
      Prompt prompt0 = Prompt.tokens(ints(expected.get("prompt0")));
      Prompt prompt1 = Prompt.tokens(ints(expected.get("prompt1")));
      SamplingOptions options = SamplingOptions.greedy(20);

      assertThat(model.generate(prompt0, options).tokens())
          .isEqualTo(TokenIds.of(ints(greedy.get("greedy.prompt0"))));
      assertThat(model.generate(prompt1, options).tokens())
          .isEqualTo(TokenIds.of(ints(greedy.get("greedy.prompt1"))));
      List<Completion> both = model.generate(List.of(prompt0, prompt1), options);
      for (int i = 0; i < 2; i++) {
        assertThat(both.get(i).tokens())
            .isEqualTo(TokenIds.of(ints(greedy.get("greedy.left_padded_batch").get(i))));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-tiny", "llama-tiny", "neox-tiny", "qwen2-tiny"})
  void scores(String name) throws Exception {
    JsonNode expected = json("fixtures/models/" + name + "/expected.json");
    JsonNode logProbs = expected.get("logprob_prompt0_tokens_1_to_n");
    TokenIds prompt0 = TokenIds.of(ints(expected.get("prompt0")));
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("fixtures/models/" + name))) {
      for (int split = 1; split < prompt0.size(); split += 4) {
        ContinuationScore score =
            model
                .logProbabilities(
                    List.of(
                        Continuation.of(
                            Prompt.tokens(prompt0.slice(0, split)),
                            prompt0.slice(split, prompt0.size()))))
                .get(0);
        for (int i = 0; i < score.logProbs().size(); i++) {
          assertThat(score.logProbs().get(i))
              .isCloseTo(logProbs.get(split - 1 + i).doubleValue(), within(1e-4));
        }
      }
    }
  }

  @Test
  void storiesText() throws Exception {
    String text = Files.readString(SharedFiles.require("models/stories260K/expected_greedy.txt"));
    JsonNode reference = json("models/stories260K/reference_logits.json");
    int[] ids = ints(reference.get("greedy_ids_200"));
    try (DecoderModel model = DecoderModel.load(SharedFiles.require("models/stories260K"))) {
      Completion completion = model.generate(Prompt.text(""), SamplingOptions.greedy(200));

      assertThat(completion.text()).isEqualTo(text);
      assertThat(completion.tokens()).isEqualTo(TokenIds.of(ids).slice(1, ids.length));
      assertThat(completion.finishReason()).isEqualTo(FinishReason.LENGTH);
      Completion whole = model.generate(Prompt.text(""), SamplingOptions.greedy(500));
      assertThat(whole.finishReason()).isEqualTo(FinishReason.EOS);
      assertThat(whole.tokens().size()).isEqualTo(346);

      ContinuationScore score = model.logProbabilities(Prompt.text(""), text);
      assertThat(score.greedy()).isTrue();
      assertThat(score.tokens()).isEqualTo(completion.tokens());
      for (int t = 0; t < 16; t++) {
        assertThat(score.logProbs().get(t))
            .isCloseTo(reference.get("logprob_of_next").get(t).doubleValue(), within(1e-4));
      }
    }
  }
}
