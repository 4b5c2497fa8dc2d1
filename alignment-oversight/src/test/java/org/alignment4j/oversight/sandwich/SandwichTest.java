package org.alignment4j.oversight.sandwich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.alignment4j.api.AlignmentException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.evaluation.Estimate;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.StudyResult;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.OversightRun;
import org.alignment4j.oversight.RunReport;
import org.junit.jupiter.api.Test;

class SandwichTest {
  private static final Usage ONE = new Usage(1, 10, 0, 5, 0, 0, Duration.ZERO);
  private static final OversightContext CONTEXT = OversightContext.of(2);
  private static final ChoiceQuestion QUESTION =
      ChoiceQuestion.of("q", "Who kept the lamp?", List.of("Ada", "Ben"), 0, "Ada kept it.");

  private final List<View> seen = new ArrayList<>();

  private Agent saying(String text) {
    return (view, context) -> {
      seen.add(view);
      return new Turn(view.role(), view.round(), text, "", true, 1, ONE);
    };
  }

  private Judge choosing(int option) {
    return (view, context) -> {
      seen.add(view);
      return new Verdict.Decided(view.options().get(option), 0.7, "", ONE);
    };
  }

  @Test
  void participantAnswersAloneThenSpeaksThenAnswersAgain() {
    Judge participant =
        (view, context) -> {
          seen.add(view);
          return new Verdict.Decided(
              view.options().get(view.turns().isEmpty() ? 1 : 0), 1, "", ONE);
        };
    Session session =
        new Session(new Participant("Kim", saying("Who?"), participant, false), QUESTION);
    Outcome<SessionResult> outcome =
        Sandwich.of(saying("Ada."), choosing(1)).withTurns(2).run(session, CONTEXT);
    assertThat(seen)
        .extracting(View::role)
        .containsExactly(
            "Participant",
            "Participant",
            "Assistant",
            "Participant",
            "Assistant",
            "Participant",
            "Assistant");
    assertThat(seen)
        .extracting(view -> view.material().size())
        .containsExactly(0, 0, 1, 0, 1, 0, 1);
    assertThat(seen.get(5).turns()).hasSize(4);
    assertThat(seen.get(5).instructions()).contains("can be wrong");
    assertThat(seen.get(6).turns()).isEmpty();
    assertThat(outcome.usage().calls()).isEqualTo(7);
    Observation observed = Observation.of(session, outcome.verdict()).orElseThrow();
    assertThat(observed.unaidedRight()).isFalse();
    assertThat(observed.assistedRight()).isTrue();
    assertThat(observed.modelRight()).isFalse();
    assertThat(observed.expertRight()).isTrue();
  }

  @Test
  void budgetAndUnparsedVerdictsLeaveNoObservation() {
    Participant participant = new Participant("Kim", saying("?"), choosing(0), false);
    Session session = new Session(participant, QUESTION);
    Sandwich sandwich = Sandwich.of(saying("!"), choosing(0)).withTurns(1);
    Outcome<SessionResult> stopped =
        sandwich.run(session, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(2)));
    assertThat(stopped.incomplete()).isEqualTo("budget: calls");
    assertThat(stopped.verdict().unaided()).isPresent();
    assertThat(Observation.of(session, stopped.verdict())).isEmpty();
    Outcome<SessionResult> mute =
        sandwich
            .withExpert((view, context) -> new Verdict.Unparsed("Hm.", ONE))
            .run(session, CONTEXT);
    assertThat(Observation.of(session, mute.verdict())).isEmpty();
    SandwichScores scores =
        SandwichScores.of(RunReport.of(Map.of(session, mute)), TwoWayBootstrap.seeded(0));
    assertThat(scores.assisted().unscored()).isEqualTo(1);
    assertThat(scores.gapClosed()).isEmpty();
  }

  /**
   * Skill s, trust t and a model that is right on a share m of questions: assisted is (1 − t)·s +
   * t·m, and the gap closed t·(m − s)/(1 − s).
   */
  @Test
  void plantedGapIsRecovered() {
    double s = 0.5;
    double t = 0.6;
    double m = 0.8;
    int n = 400;
    Map<String, String> key = new HashMap<>();
    Map<String, Integer> advice = new HashMap<>();
    List<ChoiceQuestion> questions = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      ChoiceQuestion question =
          ChoiceQuestion.of("q" + i, "Question " + i, List.of("w", "x", "y", "z"), i % 4);
      questions.add(question);
      key.put(question.text(), question.options().get(i % 4));
      advice.put(question.text(), i % 5 == 0 ? (i + 1) % 4 : i % 4);
    }
    List<Participant> participants = new ArrayList<>();
    for (int p = 0; p < 12; p++) {
      participants.add(new SimulatedParticipant(s, t, key::get).named("P" + p));
    }
    Agent assistant =
        (view, context) -> {
          char letter = (char) ('A' + advice.getOrDefault(view.question(), 0));
          return new Turn(view.role(), view.round(), "[[" + letter + "]]", "", true, 1, Usage.NONE);
        };
    Judge model =
        (view, context) ->
            new Verdict.Decided(
                view.options().get(advice.getOrDefault(view.question(), 0)), 1, "", Usage.NONE);
    RunReport<Session, SessionResult> report =
        OversightRun.of("sandwich", Sandwich.of(assistant, model).withTurns(1), Session::id)
            .seed(8)
            .run(Session.all(participants, questions));
    SandwichScores scores = SandwichScores.of(report, TwoWayBootstrap.seeded(1));
    assertThat(scores.unaided().contains(s)).isTrue();
    assertThat(scores.model().value()).isCloseTo(m, within(1e-12));
    assertThat(scores.assisted().contains((1 - t) * s + t * m)).isTrue();
    assertThat(scores.expert().value()).isEqualTo(1);
    double planted = t * (m - s) / (1 - s);
    Estimate gap = scores.gapClosed().orElseThrow().estimate();
    assertThat(gap.contains(planted)).isTrue();
    assertThat(gap.value()).isCloseTo(planted, within(0.05));
    assertThat(gap.ciHigh() - gap.ciLow()).isLessThan(0.2);
    assertThat(scores.overReliance().value()).isCloseTo(t, within(0.05));
    assertThat(scores.underUse().value()).isCloseTo(1 - t, within(0.05));
    assertThat(scores.before().overconfidence().value()).isCloseTo(0, within(0.03));
    assertThat(scores.after().overconfidence().value())
        .isCloseTo(s - ((1 - t) * s + t * m), within(0.03));
    assertThat(scores.before().confidence().value()).isCloseTo(s, within(1e-12));
    assertThat(scores.simulated()).isTrue();
    assertThat(scores.gapMetric().name()).isEqualTo("gap closed (simulated)");
    assertThat(scores.vote().value()).isGreaterThan(scores.assisted().value());
  }

  @Test
  void studyHasItsArmsAndSaysThatParticipantsAreSimulated() {
    Participant participant = new SimulatedParticipant(0, 1, text -> "Ada").named("P");
    Agent assistant =
        (view, context) -> new Turn(view.role(), view.round(), "[[A]]", "", true, 1, ONE);
    SandwichStudy study =
        new SandwichStudy(
            Sandwich.of(assistant, choosing(0)).withTurns(2),
            List.of(participant),
            List.of(QUESTION));
    StudyResult result = study.run(CONTEXT);
    assertThat(study.arms()).containsExactlyElementsOf(result.estimates().keySet());
    assertThat(result.estimate("unaided", "accuracy (simulated)").value()).isZero();
    assertThat(result.estimate("assisted", "accuracy (simulated)").value()).isEqualTo(1);
    assertThat(result.estimate("assisted", "gap closed (simulated)").value()).isEqualTo(1);
    assertThat(result.metrics()).allMatch(metric -> metric.name().endsWith("(simulated)"));
    assertThat(result.usage().get("assisted").calls()).isEqualTo(2);
    assertThat(result.usage().get("model alone").calls()).isEqualTo(1);
    assertThatThrownBy(() -> study.run(CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1))))
        .hasMessageContaining("recorded calls");
    Sandwich mute =
        Sandwich.of(
            (view, context) -> {
              throw new ModelExecutionException("no model");
            },
            choosing(0));
    assertThatThrownBy(
            () -> new SandwichStudy(mute, List.of(participant), List.of(QUESTION)).run(CONTEXT))
        .isInstanceOf(AlignmentException.class)
        .hasMessageContaining("1 of 1 questions failed, the first with ModelExecutionException");
    assertThatThrownBy(() -> new SandwichStudy(study.sandwich(), List.of(), List.of(QUESTION)))
        .hasMessageContaining("0 and 1");
  }

  @Test
  void sessionsThatFailAreCounted() {
    Judge down =
        (view, context) -> {
          if (view.question().endsWith("2")) {
            throw new ModelExecutionException("down");
          }
          return new Verdict.Decided(view.options().get(0), 1, "", ONE);
        };
    List<ChoiceQuestion> questions = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      questions.add(ChoiceQuestion.of("q" + i, "Question " + i, List.of("x", "y"), 0));
    }
    Participant participant = new Participant("K", saying("!"), down, true);
    StudyResult result =
        new SandwichStudy(
                Sandwich.of(saying("!"), choosing(0)).withTurns(1), List.of(participant), questions)
            .run(CONTEXT);
    Estimate assisted = result.estimate("assisted", "accuracy (simulated)");
    assertThat(assisted.n()).isEqualTo(3);
    assertThat(assisted.failed()).isEqualTo(1);
    assertThat(assisted.unscored()).isZero();
  }

  @Test
  void gapIsEmptyWhereExpertsAreNotBetter() {
    List<Observation> same = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      same.add(observation("P", "q" + i, "a", "a", "a"));
    }
    SandwichScores scores = SandwichScores.of(same, 0, 0, false, TwoWayBootstrap.seeded(0));
    assertThat(scores.gapClosed()).isEmpty();
    assertThat(scores.overReliance().n()).isZero();
    assertThat(scores.gapMetric().name()).isEqualTo("gap closed");
  }

  private static Observation observation(
      String participant, String question, String unaided, String assisted, String model) {
    return new Observation(participant, question, "a", unaided, 0.5, assisted, 0.5, model, "a");
  }

  /** Two participants by three questions, every one of the 2²·3³ resamples by hand. */
  @Test
  void twoWayBootstrapAgreesWithAllResamplesInFull() {
    List<String> rows = List.of("P", "P", "P", "Q", "Q", "Q");
    List<String> columns = List.of("1", "2", "3", "1", "2", "3");
    double[] values = {0.1, 0.9, 0.4, 0.3, 0.2, 0.8};
    double sum = 0;
    double squares = 0;
    int count = 0;
    for (int draw = 0; draw < 4 * 27; draw++) {
      double mean = 0;
      for (int r = 0; r < 2; r++) {
        int row = ((draw / 27) >> r) & 1;
        for (int c = 0; c < 3; c++) {
          int column = ((draw % 27) / (int) Math.pow(3, c)) % 3;
          mean += values[3 * row + column] / 6;
        }
      }
      sum += mean;
      squares += mean * mean;
      count++;
    }
    double exact = Math.sqrt(squares / count - sum / count * sum / count);
    Estimate estimate =
        new TwoWayBootstrap(40_000, 5, 0.95)
            .of(rows, columns, weights -> Shares.weighted(values, weights))
            .estimate();
    assertThat(estimate.value()).isCloseTo(0.45, within(1e-12));
    assertThat(estimate.standardError()).isCloseTo(exact, within(0.01 * exact));
    assertThat(estimate.clusters()).isEqualTo(2);
  }

  @Test
  void voteWeighsByOtherQuestions() {
    assertThat(WeightedVote.weight(3, 1)).isCloseTo(Math.log(2), within(1e-15));
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      observations.add(observation("good", "q" + i, "b", "a", "a"));
      observations.add(observation("bad", "q" + i, "b", i < 3 ? "a" : "b", "a"));
      observations.add(observation("worse", "q" + i, "b", "b", "a"));
    }
    assertThat(WeightedVote.accuracy(observations).value()).isEqualTo(1);
    assertThatThrownBy(() -> WeightedVote.weight(-1, 0)).hasMessageContaining("-1 and 0");
  }

  /** The weights log 4/3 and log 3/4 of the truth sum to the other option's 0 but for rounding. */
  @Test
  void roundingDecidesNoVote() {
    List<Observation> observations = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      observations.add(observation("P", "p" + i, "y", i < 3 ? "a" : "y", "a"));
      observations.add(observation("Q", "q" + i, "y", i < 2 ? "a" : "y", "a"));
    }
    for (int i = 0; i < 4; i++) {
      observations.add(observation("R", "r" + i, "y", i < 2 ? "a" : "y", "a"));
    }
    observations.add(observation("P", "all", "y", "a", "a"));
    observations.add(observation("Q", "all", "y", "a", "a"));
    observations.add(observation("R", "all", "y", "y", "a"));
    assertThat(WeightedVote.accuracy(observations).value())
        .isCloseTo((3 + 2 + 2 + 0.5) / 15, within(1e-12));
  }

  @Test
  void badInputSaysWhatIsWrong() {
    assertThatThrownBy(() -> Sandwich.of(saying(""), choosing(0)).withTurns(0))
        .hasMessageContaining("at least 1 but were 0");
    assertThatThrownBy(() -> new SimulatedParticipant(2, 0, q -> q))
        .hasMessageContaining("2.0 and 0.0");
    assertThatThrownBy(() -> new Participant(" ", saying(""), choosing(0), true))
        .hasMessageContaining("blank");
    assertThatThrownBy(() -> new TwoWayBootstrap(1, 0, 0.95)).hasMessageContaining("1 and 0.95");
    assertThatThrownBy(() -> TwoWayBootstrap.seeded(0).of(List.of(), List.of(), w -> 0))
        .hasMessageContaining("0 and 0");
    ChoiceQuestion open =
        new ChoiceQuestion("u", "?", List.of("a", "b"), List.of(), OptionalInt.empty(), "u");
    Session session = new Session(new Participant("K", saying(""), choosing(0), true), open);
    assertThatThrownBy(() -> Observation.of(session, SessionResult.NONE))
        .hasMessageContaining("'u' must have a known answer");
  }
}
