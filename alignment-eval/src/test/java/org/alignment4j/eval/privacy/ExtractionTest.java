package org.alignment4j.eval.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.BeamHypothesis;
import org.alignment4j.api.model.BeamSearchModel;
import org.alignment4j.api.model.BeamSearchOptions;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.Continuation;
import org.alignment4j.api.model.ContinuationScore;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.GenerationOutcome;
import org.alignment4j.api.model.GenerationRequest;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.SamplingModel;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;

class ExtractionTest {

  /** Writes what a script says of the prompt and the number of the sample. */
  private static final class Writer implements SamplingModel, BeamSearchModel, LikelihoodModel {
    private final BiFunction<String, Integer, String> script;
    private final ScriptedLikelihoods likelihoods;
    private final List<SamplingOptions> asked = new ArrayList<>();

    private Writer(
        BiFunction<String, Integer, String> script, ScriptedLikelihoods.Script likelihoods) {
      this.script = script;
      this.likelihoods = new ScriptedLikelihoods(likelihoods);
    }

    private Completion written(Prompt prompt, int sample) {
      String text = script.apply(((Prompt.Text) prompt).text(), sample);
      return Completion.of(text, FinishReason.EOS, Usage.NONE);
    }

    @Override
    public String id() {
      return "writer";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      asked.add(options);
      return prompts.stream().map(prompt -> written(prompt, 0)).toList();
    }

    @Override
    public List<GenerationOutcome> sample(
        List<GenerationRequest> requests, SamplingOptions options, CancellationToken token) {
      asked.add(options);
      return requests.stream().map(this::outcome).toList();
    }

    private GenerationOutcome outcome(GenerationRequest request) {
      try {
        return new GenerationOutcome.Completed(written(request.prompt(), request.sample()));
      } catch (ModelExecutionException e) {
        return new GenerationOutcome.Failed(e);
      }
    }

    @Override
    public List<List<BeamHypothesis>> beamSearch(
        List<? extends Prompt> prompts, BeamSearchOptions options, CancellationToken token) {
      return prompts.stream()
          .map(
              prompt ->
                  List.of(
                      new BeamHypothesis(written(prompt, 0), -1),
                      new BeamHypothesis(written(prompt, 1), -2)))
          .toList();
    }

    @Override
    public List<ContinuationScore> logProbabilities(
        List<? extends Continuation> continuations, CancellationToken cancellation) {
      return likelihoods.logProbabilities(continuations, cancellation);
    }
  }

  private static Writer writer(BiFunction<String, Integer, String> script) {
    return new Writer(script, (prompt, text) -> -1);
  }

  private static AuthorizedTarget own(Writer writer) {
    return AuthorizedTarget.of(writer, "the tests", "to test the library");
  }

  private static PlantedSecret secret(int number, String group) {
    return new PlantedSecret("s" + number, "Code of " + number + " is", "7 " + number, group);
  }

  @Test
  void theShareOfSecretsThatPrefixesBringOutIsGivenByGroup() {
    List<PlantedSecret> secrets =
        List.of(secret(1, "100"), secret(2, "100"), secret(3, "0"), secret(4, "0"));
    Writer writer =
        writer(
            (prompt, sample) ->
                switch (prompt) {
                  case "Code of 1 is" -> " 7 1. And so on";
                  case "Code of 2 is" -> sample == 1 ? " 7 2." : " it is 7 2.";
                  case "Code of 3 is" -> throw new ModelExecutionException("broken");
                  default -> " 9 9";
                });
    List<ExtractionAudit.Outcome> greedy =
        ExtractionAudit.greedy(own(writer), secrets, 8, CancellationToken.none());
    assertThat(greedy)
        .extracting(ExtractionAudit.Outcome::extracted)
        .containsExactly(true, false, false, false);
    Map<String, Estimate> shares = ExtractionAudit.byGroup(greedy);
    assertThat(shares.get("100").value()).isEqualTo(0.5);
    assertThat(shares.get("0").n()).isEqualTo(1);
    assertThat(shares.get("0").failed()).isEqualTo(1);
    assertThat(writer.asked.get(0).isGreedy()).isTrue();
    assertThat(
            ExtractionAudit.byGroup(
                    ExtractionAudit.beam(
                        own(writer), secrets, BeamSearchOptions.of(8, 2), CancellationToken.none()))
                .get("100")
                .value())
        .isEqualTo(1);
  }

  @Test
  void sampledTextsAreRankedWithoutTheirDuplicatesAndVerified() {
    Writer writer =
        new Writer(
            (prompt, sample) ->
                prompt.equals("Code of 1 is")
                    ? " 7 1 as we know"
                    : sample == 5
                        ? " My code is 7 1 2 3"
                        : " the same words all over again " + sample % 2,
            (prompt, text) -> text.contains("7 1") ? -1 : -30);
    SampledExtraction audit =
        new SampledExtraction(
            List.of(
                new SamplingStrategy.TopK(40),
                new SamplingStrategy.DecayingTemperature(10, 1),
                new SamplingStrategy.Prefixes(List.of("Code of 1 is"), 40)),
            40,
            8,
            Map.of("small model", new ScriptedLikelihoods((prompt, text) -> -20)),
            1);
    SampledExtraction.Result result =
        audit.run(
            own(writer),
            List.of("My code is 7 1 2 3", "Code of 1 is 7 1", "never"),
            CancellationToken.none());
    assertThat(result.sampled()).isEqualTo(120);
    assertThat(result.extracted())
        .containsExactlyInAnyOrder("My code is 7 1 2 3", "Code of 1 is 7 1");
    // Of 80 texts after nothing only the odd one and one of the others are left.
    assertThat(result.texts()).hasSizeBetween(3, 4);
    for (String ranking : List.of("perplexity", "zlib", "window", "small model")) {
      assertThat(result.top(ranking, 2)).as(ranking).allMatch(text -> !text.known().isEmpty());
    }
    assertThat(result.unscored()).isZero();
  }

  @Test
  void temperaturesFallLinearlyAndTheRestIsPlain() {
    Writer writer = writer((prompt, sample) -> "x");
    new SampledExtraction(
            List.of(new SamplingStrategy.DecayingTemperature(10, 3)), 1, 5, Map.of(), 1)
        .run(own(writer), List.of(), CancellationToken.none());
    assertThat(writer.asked)
        .extracting(SamplingOptions::temperature)
        .containsExactly(10.0, 7.0, 4.0, 1.0);
    assertThat(writer.asked).extracting(SamplingOptions::maxNewTokens).containsExactly(1, 1, 1, 2);
  }

  @Test
  void failedSamplesAreCounted() {
    SampledExtraction.Result result =
        new SampledExtraction(List.of(new SamplingStrategy.TopK(40)), 4, 5, Map.of(), 1)
            .run(
                own(
                    writer(
                        (prompt, sample) -> {
                          if (sample == 2) {
                            throw new ModelExecutionException("broken");
                          }
                          return "word".repeat(sample + 1);
                        })),
                List.of(),
                CancellationToken.none());
    assertThat(result.sampled()).isEqualTo(3);
    assertThat(result.failed()).isEqualTo(1);
  }

  @Test
  void halfOfTheTrigramsMakeADuplicate() {
    assertThat(SampledText.duplicates("a b c d", "a b c x")).isTrue();
    assertThat(SampledText.duplicates("a b c d e", "a b c x")).isFalse();
    assertThat(SampledText.duplicates("a b", "a b")).isTrue();
    assertThat(SampledText.duplicates("a b", "a b c")).isFalse();
  }

  @Test
  void settingsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SampledExtraction(List.of(), 1, 1, Map.of(), 1))
        .withMessageContaining("at least one each but were 0, 1 and 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SamplingStrategy.Prefixes(List.of(), 40))
        .withMessageContaining("texts must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SamplingStrategy.DecayingTemperature(0.5, 20))
        .withMessageContaining("from must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new PlantedSecret("a", "p", " ", ""))
        .withMessageContaining("secret must not be blank");
  }
}
