package org.alignment4j.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.RemoteCallException;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.junit.jupiter.api.Test;

/** Answers of a model that numbers its samples are kept one by one. */
class RememberingModelTest {
  private static final SamplingOptions SAMPLED = SamplingOptions.sampling(8, 3);

  private final Map<String, Completion> kept = new LinkedHashMap<>();
  private final List<String> asked = new ArrayList<>();
  private String failing = "";
  private String breaking = "";

  private final RememberingModel.Memory memory =
      new RememberingModel.Memory() {
        @Override
        public Optional<Completion> recall(RememberingModel.Asked request) {
          return Optional.ofNullable(kept.get(request.key().hex()));
        }

        @Override
        public Completion keep(RememberingModel.Asked request, Completion answer) {
          kept.putIfAbsent(request.key().hex(), answer);
          return answer;
        }
      };

  private final RememberingModel model = new RememberingModel(new Numbered(), memory);

  private static List<Prompt> prompts(String... texts) {
    List<Prompt> prompts = new ArrayList<>();
    for (String text : texts) {
      prompts.add(Prompt.text(text));
    }
    return prompts;
  }

  private List<String> texts(String... prompts) {
    return model.generate(prompts(prompts), SAMPLED).stream().map(Completion::text).toList();
  }

  @Test
  void oneThatFailsLeavesTheOthersAnswers() {
    failing = "b0";
    assertThatThrownBy(() -> texts("a", "b", "a", "c"))
        .isInstanceOf(RemoteCallException.class)
        .hasMessageContaining("b0");
    assertThat(kept).hasSize(3);
    failing = "";
    assertThat(texts("a", "b", "a", "c")).containsExactly("a0", "b0", "a1", "c0");
    assertThat(asked).containsExactly("a0", "b0", "a1", "c0", "b0");
  }

  @Test
  void whatCameBeforeTheWholeCallBrokeIsKept() {
    breaking = "c0";
    assertThatThrownBy(() -> texts("a", "b", "c", "d")).isInstanceOf(IllegalStateException.class);
    assertThat(kept).hasSize(2);
    breaking = "";
    assertThat(texts("a", "b", "c", "d")).containsExactly("a0", "b0", "c0", "d0");
    assertThat(asked).containsExactly("a0", "b0", "c0", "c0", "d0");
  }

  @Test
  void aMissingSampleIsAskedForByItsNumber() {
    assertThat(texts("a")).containsExactly("a0");
    assertThat(texts("a", "a", "a")).containsExactly("a0", "a1", "a2");
    assertThat(asked).containsExactly("a0", "a1", "a2");
  }

  @Test
  void aGreedyAnswerIsAskedForOnce() {
    SamplingOptions greedy = SamplingOptions.greedy(8);
    assertThat(model.generate(prompts("a", "a"), greedy))
        .extracting(Completion::text)
        .containsExactly("a0", "a0");
    assertThat(asked).containsExactly("a0");
  }

  private final class Numbered implements SamplingModel {
    @Override
    public String id() {
      return "numbered";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      throw new AssertionError("samples are asked for by their numbers");
    }

    @Override
    public List<GenerationOutcome> sample(
        List<GenerationRequest> requests, SamplingOptions options, CancellationToken cancellation) {
      throw new AssertionError("outcomes are taken as they come");
    }

    @Override
    public void sample(
        List<GenerationRequest> requests,
        SamplingOptions options,
        CancellationToken cancellation,
        ObjIntConsumer<? super GenerationOutcome> sink) {
      for (int i = 0; i < requests.size(); i++) {
        String text = ((Prompt.Text) requests.get(i).prompt()).text() + requests.get(i).sample();
        asked.add(text);
        if (text.equals(breaking)) {
          throw new IllegalStateException("broke at " + text);
        }
        sink.accept(
            text.equals(failing)
                ? new GenerationOutcome.Failed(
                    new RemoteCallException("no " + text, 503, true, null, null))
                : new GenerationOutcome.Completed(
                    Completion.of(text, FinishReason.EOS, Usage.ofGeneration(1, 1, Duration.ZERO))),
            i);
      }
    }
  }
}
