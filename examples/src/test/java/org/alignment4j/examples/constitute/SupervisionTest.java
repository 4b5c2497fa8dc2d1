package org.alignment4j.examples.constitute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.alignment4j.api.CancellationToken;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Completion;
import org.alignment4j.api.model.FinishReason;
import org.alignment4j.api.model.LanguageModel;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.PromptCompletion;
import org.alignment4j.api.model.SamplingOptions;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.reward.Comparison;
import org.alignment4j.examples.world.BundledPocket;
import org.alignment4j.oversight.constitution.AiLabel;
import org.alignment4j.oversight.constitution.Bounds;
import org.alignment4j.oversight.constitution.PairLabel;
import org.alignment4j.oversight.constitution.Principle;
import org.alignment4j.oversight.constitution.RevisionChain;
import org.alignment4j.oversight.constitution.RevisionStep;
import org.alignment4j.pocket.world.PocketWorld;
import org.alignment4j.pocket.world.Request;
import org.alignment4j.pocket.world.RequestKind;
import org.alignment4j.pocket.world.WorldJudge;
import org.junit.jupiter.api.Test;

class SupervisionTest {
  private static final PocketWorld WORLD = BundledPocket.world();
  private static final WorldJudge JUDGE = WORLD.judge();
  private static final String REFUSAL = "I can't help with that.";

  private static Request request(RequestKind kind) {
    return WORLD.trainingRequests(kind, 3, 1).get(0);
  }

  /** A reply that does what is asked, found by trying what the world's texts advise. */
  private static String advice(Request request) {
    return WORLD.preferences(1, 4000, 0).stream()
        .flatMap(pair -> List.of(pair.chosen(), pair.rejected()).stream())
        .filter(reply -> JUDGE.isHelpful(request, reply))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void critiquesFollowTheirPrincipleAlone() {
    Request harmful = request(RequestKind.HARMFUL);
    Request benign = request(RequestKind.BENIGN_LOOKALIKE);
    String harm = "My reply is harmful, because it could upset " + harmful.person() + ".";
    assertThat(WorldPrinciple.HARM.critique(JUDGE, harmful, advice(harmful))).isEqualTo(harm);
    assertThat(WorldPrinciple.HARM.critique(JUDGE, harmful, REFUSAL))
        .isEqualTo(WorldPrinciple.FINE);
    assertThat(WorldPrinciple.HARM.critique(JUDGE, benign, advice(benign)))
        .isEqualTo(WorldPrinciple.FINE);
    assertThat(WorldPrinciple.HELP.critique(JUDGE, benign, REFUSAL))
        .isEqualTo("My reply does not help.");
    assertThat(WorldPrinciple.HELP.critique(JUDGE, benign, advice(benign)))
        .isEqualTo(WorldPrinciple.FINE);
    assertThat(WorldPrinciple.HELP.critique(JUDGE, harmful, REFUSAL))
        .isEqualTo(WorldPrinciple.FINE);
    for (WorldPrinciple principle : WorldPrinciple.values()) {
      assertThat(WorldPrinciple.of(principle.principle().id())).isEqualTo(principle);
    }
    assertThatThrownBy(() -> WorldPrinciple.of("thrift")).hasMessageContaining("thrift");
  }

  /** Refuses and helps in turn. */
  private record Wavering(List<Request> asked) implements LanguageModel {
    @Override
    public String id() {
      return "wavering";
    }

    @Override
    public List<Completion> generate(
        List<? extends Prompt> prompts, SamplingOptions options, CancellationToken cancellation) {
      List<Completion> replies = new ArrayList<>();
      for (int i = 0; i < prompts.size(); i++) {
        Prompt prompt = prompts.get(i);
        Request request =
            asked.stream().filter(r -> r.prompt().equals(prompt)).findFirst().orElseThrow();
        replies.add(
            Completion.of(
                i % 2 == 0 ? REFUSAL : advice(request),
                FinishReason.EOS,
                new Usage(1, 0, 0, 0, 0, 0, Duration.ZERO)));
      }
      return replies;
    }
  }

  @Test
  void lessonsAreRightByTheWorldsTruth() {
    List<Request> asked =
        List.of(request(RequestKind.HARMFUL), request(RequestKind.BENIGN_LOOKALIKE));
    Lessons lessons = Lessons.of(JUDGE, asked, new Wavering(asked), 4, 1);
    assertThat(lessons.replies()).allMatch(replies -> replies.size() == 2);
    List<PromptCompletion> examples = lessons.examples(5);
    // Per request three critiques (one principle finds fault with one reply), each with a revision.
    assertThat(examples).hasSize(2 * 3 * 2);
    assertThat(lessons.examples(5)).isEqualTo(examples);
    int faults = 0;
    for (int i = 0; i < examples.size(); i += 2) {
      List<Message> turns = ((Prompt.Chat) examples.get(i).prompt()).messages();
      List<Message> later = ((Prompt.Chat) examples.get(i + 1).prompt()).messages();
      Request request = asked.get(i / 6);
      Principle principle =
          WorldPrinciple.constitution().principles().stream()
              .filter(p -> p.critique().equals(turns.get(2).content()))
              .findFirst()
              .orElseThrow();
      String reply = turns.get(1).content();
      String critique = WorldPrinciple.of(principle.id()).critique(JUDGE, request, reply);
      assertThat(examples.get(i).completion()).isEqualTo(critique);
      assertThat(later.get(3).content()).isEqualTo(critique);
      assertThat(later.get(4).content()).isEqualTo(principle.revision());
      String revision = examples.get(i + 1).completion();
      if (critique.equals(WorldPrinciple.FINE)) {
        assertThat(revision).isEqualTo(reply);
      } else {
        faults++;
        assertThat(
                request.kind().harmful()
                    ? JUDGE.isRefusal(revision)
                    : JUDGE.isHelpful(request, revision))
            .isTrue();
      }
    }
    assertThat(faults).isEqualTo(2);
  }

  @Test
  void labelsAreDifferencesOfLogOdds() {
    OptionalDouble label = CritiqueRater.label(OptionalDouble.of(0.9), OptionalDouble.of(0.2));
    double logOdds = Math.log(0.9 / 0.1) - Math.log(0.2 / 0.8);
    assertThat(label.orElseThrow()).isCloseTo(1 / (1 + Math.exp(-logOdds)), within(1e-12));
    assertThat(CritiqueRater.label(OptionalDouble.of(0.2), OptionalDouble.of(0.9)).orElseThrow())
        .isCloseTo(1 - label.orElseThrow(), within(1e-12));
    assertThat(CritiqueRater.label(OptionalDouble.of(0.3), OptionalDouble.of(0.3))).hasValue(0.5);
    assertThat(CritiqueRater.label(OptionalDouble.of(1), OptionalDouble.of(1))).hasValue(0.5);
    assertThat(CritiqueRater.label(OptionalDouble.empty(), OptionalDouble.of(1))).isEmpty();
  }

  @Test
  void requestsAreHandedOutOnceAndHalvesDoNotOverlap() {
    WishHalves halves = WishHalves.draw(WORLD, 4);
    RequestPool pool = new RequestPool(WORLD, 4);
    Set<List<String>> seen = new HashSet<>();
    for (boolean taught : List.of(true, false, false)) {
      for (RequestKind kind : RequestKind.values()) {
        for (Request request : pool.take(kind, 40, r -> halves.taught(r) == taught)) {
          assertThat(halves.taught(request)).isEqualTo(taught);
          assertThat(request.kind()).isEqualTo(kind);
          assertThat(seen.add(List.of(request.action(), request.object(), request.person())))
              .isTrue();
        }
      }
    }
    assertThat(halves.taught()).hasSize(22 * 3);
    assertThat(WishHalves.draw(WORLD, 5)).isNotEqualTo(halves);
    assertThatThrownBy(() -> pool.take(RequestKind.HARMFUL, 5, r -> false))
        .hasMessageContaining("HARMFUL")
        .hasMessageContaining("0 more where 5");
  }

  @Test
  void figuresCountWhatTheSupervisorSaidAgainstTheTruth() {
    Request harmful = request(RequestKind.HARMFUL);
    Request benign = request(RequestKind.BENIGN_LOOKALIKE);
    String bad = advice(harmful);
    Map<Request, RevisionChain> chains = new LinkedHashMap<>();
    chains.put(
        harmful,
        chain(
            harmful,
            bad,
            new RevisionStep("harm", WorldPrinciple.FINE, bad, false, false),
            new RevisionStep(
                "harm", WorldPrinciple.HARM.critique(JUDGE, harmful, bad), REFUSAL, true, true),
            new RevisionStep("harm", WorldPrinciple.FINE, REFUSAL, false, true)));
    chains.put(
        benign,
        chain(
            benign,
            advice(benign),
            new RevisionStep("help", "My reply does not help.", REFUSAL, true, true)));
    SupervisionFigures figures = new SupervisionFigures(JUDGE);
    Map<String, Estimate> found = figures.ofChains(chains);
    assertThat(found.get("harm: faults named word for word").value()).isEqualTo(0.5);
    assertThat(found.get("help: replies without fault criticised").value()).isEqualTo(1);
    assertThat(found.get("harm: replies without fault criticised").n()).isEqualTo(1);
    assertThat(found.get("harm: replies without fault criticised").value()).isZero();
    assertThat(found.get("answers right before revision").value()).isEqualTo(0.5);
    assertThat(found.get("answers right after the last revision").value()).isEqualTo(0.5);

    Map<Request, AiLabel> labels = new LinkedHashMap<>();
    labels.put(harmful, label(harmful, bad, REFUSAL, 0.1));
    labels.put(benign, label(benign, advice(benign), REFUSAL, 0.3));
    labels.put(
        request(RequestKind.BENIGN_PLAIN),
        label(request(RequestKind.BENIGN_PLAIN), REFUSAL, "Sorry, I won't help with that.", 0.6));
    Map<String, Estimate> agreed = figures.ofLabels(labels);
    assertThat(agreed.get("AI labels that agree with the truth").value()).isEqualTo(0.5);
    assertThat(agreed.get("distance from one half of labels of equally good answers").value())
        .isCloseTo(0.1, within(1e-12));
  }

  private static RevisionChain chain(Request request, String answer, RevisionStep... steps) {
    return new RevisionChain(
        request.prompt(), Optional.of(answer), List.of(steps), RevisionChain.Ending.COMPLETE);
  }

  private static AiLabel label(Request request, String first, String second, double better) {
    OptionalDouble given = OptionalDouble.of(better);
    return new AiLabel(
        new Comparison(request.prompt(), first, second),
        Map.of("harm", new PairLabel(given, given, Bounds.NONE, Usage.NONE)));
  }
}
