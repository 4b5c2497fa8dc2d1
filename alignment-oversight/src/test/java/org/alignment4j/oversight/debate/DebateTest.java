package org.alignment4j.oversight.debate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.alignment4j.api.Cancellation;
import org.alignment4j.api.CancelledException;
import org.alignment4j.api.ProgressListener;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Agent;
import org.alignment4j.api.oversight.Budget;
import org.alignment4j.api.oversight.Judge;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.OversightContext;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.api.oversight.Verdict;
import org.alignment4j.api.oversight.View;
import org.alignment4j.oversight.ChoiceQuestion;
import org.alignment4j.oversight.Ruling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebateTest {
  private static final Usage ONE = new Usage(1, 10, 0, 5, 0, 0, Duration.ZERO);
  private static final ChoiceQuestion QUESTION =
      ChoiceQuestion.of(
          "q1",
          "Who kept the lamp?",
          List.of("Ada", "Ben"),
          0,
          "Ada kept the lamp for years. Ben only carried the oil.");
  private static final OversightContext CONTEXT = OversightContext.of(3);

  private final List<View> seen = new ArrayList<>();

  private Agent saying(String text) {
    return (view, context) -> {
      seen.add(view);
      return new Turn(view.role(), view.round(), text, "plan of " + view.role(), true, 1, ONE);
    };
  }

  /** Believes who has more verified quotes; the first option where they have as many. */
  private Verdict counting(View view, OversightContext context) {
    seen.add(view);
    int[] verified = new int[2];
    for (Turn turn : view.turns()) {
      int side = turn.role().equals(Debate.SECOND) ? 1 : 0;
      verified[side] += turn.visible().split("<v_quote>", -1).length - 1;
    }
    return new Verdict.Decided(view.options().get(verified[1] > verified[0] ? 1 : 0), 0.9, "", ONE);
  }

  private DebateBuilder honestAgainstLiar() {
    return Debate.between(
            saying("See <quote>Ada kept the lamp</quote>."),
            saying("See <v_quote>Ben kept the lamp</v_quote> <quote>Ben kept it</quote>."))
        .judgedBy(this::counting);
  }

  @Test
  void judgeSeesMarkedQuotesAndNeitherMaterialNorThinking() {
    Outcome<Ruling> outcome = honestAgainstLiar().rounds(2).build().run(QUESTION, CONTEXT);
    assertThat(outcome.verdict().share("Ada")).hasValue(1);
    assertThat(outcome.verdict().probability("Ben").orElseThrow()).isCloseTo(0.1, within());
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.usage().calls()).isEqualTo(5);
    View judged = seen.get(seen.size() - 1);
    assertThat(judged.material()).isEmpty();
    assertThat(judged.turns()).extracting(Turn::hidden).containsOnly("");
    assertThat(judged.turns())
        .extracting(Turn::visible)
        .containsExactly(
            "See <v_quote>Ada kept the lamp</v_quote>.",
            "See <u_quote>Ben kept the lamp</u_quote> <u_quote>Ben kept it</u_quote>.",
            "See <v_quote>Ada kept the lamp</v_quote>.",
            "See <u_quote>Ben kept the lamp</u_quote> <u_quote>Ben kept it</u_quote>.");
    assertThat(outcome.transcript().turns().get(0).hidden()).isEqualTo("plan of Debater A");
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }

  @Test
  void simultaneousTurnsDoNotKnowEachOther() {
    honestAgainstLiar().rounds(2).build().run(QUESTION, CONTEXT);
    assertThat(seen.get(0).turns()).isEmpty();
    assertThat(seen.get(1).turns()).isEmpty();
    assertThat(seen.get(3).turns())
        .extracting(Turn::role)
        .containsExactly("Debater B", "Debater A");
    assertThat(seen.get(3).turns())
        .extracting(Turn::hidden)
        .containsExactly("plan of Debater B", "");
    assertThat(seen.get(3).instructions()).contains("You defend option B").contains("round 2 of 2");
    assertThat(seen.get(0).material()).isEqualTo(QUESTION.material());
  }

  @Test
  void sequentialSecondHearsTheFirst() {
    honestAgainstLiar().order(Debate.Order.SEQUENTIAL).rounds(1).build().run(QUESTION, CONTEXT);
    assertThat(seen.get(1).turns()).extracting(Turn::role).containsExactly("Debater A");
  }

  @Test
  void swappedJudgementExchangesEverything() {
    Judge first =
        (view, context) -> {
          seen.add(view);
          return new Verdict.Decided(view.options().get(0), 0.8, "", ONE);
        };
    Outcome<Ruling> outcome =
        Debate.between(saying("Debater B errs about option A."), saying("No, Debater A does."))
            .judgedBy(first)
            .rounds(1)
            .judgedInBothOrders()
            .build()
            .run(QUESTION, CONTEXT);
    View given = seen.get(2);
    View swapped = seen.get(3);
    assertThat(given.options()).containsExactly("Ada", "Ben");
    assertThat(swapped.options()).containsExactly("Ben", "Ada");
    assertThat(swapped.turns()).extracting(Turn::role).containsExactly("Debater A", "Debater B");
    assertThat(swapped.turns())
        .extracting(Turn::visible)
        .containsExactly("No, Debater B does.", "Debater A errs about option B.");
    assertThat(outcome.verdict().consistent()).isFalse();
    assertThat(outcome.verdict().share("Ada")).hasValue(0.5);
    assertThat(outcome.verdict().probability("Ada").orElseThrow()).isCloseTo(0.5, within());
  }

  @Test
  void whatDependsOnTheOrderIsRunAgainInstead() {
    DebateBuilder debate = honestAgainstLiar().order(Debate.Order.SEQUENTIAL).judgedInBothOrders();
    assertThatThrownBy(debate::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("question.swapped()");
    assertThat(QUESTION.swapped().answer()).hasValue(1);
    assertThat(QUESTION.swapped().swapped()).isEqualTo(QUESTION);
  }

  @Test
  void judgeAsksBeforeEveryRoundButTheFirst() {
    honestAgainstLiar()
        .interactive(saying("Debater A, why?"))
        .rounds(3)
        .build()
        .run(QUESTION, CONTEXT);
    assertThat(seen.get(2).role()).isEqualTo("Judge");
    assertThat(seen.get(2).material()).isEmpty();
    assertThat(seen.get(2).turns()).extracting(Turn::hidden).containsOnly("");
    assertThat(seen.get(4).turns())
        .extracting(Turn::role)
        .containsExactly("Debater B", "Debater A", "Judge");
    assertThat(seen).hasSize(3 * 2 + 2 + 1);
  }

  @Test
  void runawayAndEmptyTurnsAreCutAndFlagged() {
    Outcome<Ruling> outcome =
        Debate.between(saying("<quote>Ada kept the lamp for years and years"), saying("  "))
            .judgedBy(this::counting)
            .maxWords(4)
            .rounds(1)
            .build()
            .run(QUESTION, CONTEXT);
    assertThat(outcome.transcript().turns())
        .extracting(Turn::visible)
        .containsExactly(
            "<v_quote>Ada kept the lamp</v_quote>", "(No argument was made in this round.)");
    assertThat(outcome.transcript().turns()).extracting(Turn::valid).containsExactly(true, false);
  }

  @Test
  void budgetEndsADebateWithItsTranscriptAndWithoutVerdict() {
    Outcome<Ruling> outcome =
        honestAgainstLiar()
            .build()
            .run(QUESTION, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(4)));
    assertThat(outcome.incomplete()).isEqualTo("budget: calls");
    assertThat(outcome.verdict()).isEqualTo(Ruling.NONE);
    assertThat(outcome.verdict().share("Ada")).isEmpty();
    assertThat(outcome.transcript().turns()).hasSize(4);
    assertThat(outcome.usage().calls()).isEqualTo(4);
  }

  @Test
  void whatWasPaidForBeforeTheBudgetEndedIsKept() {
    Debate twice = honestAgainstLiar().rounds(1).judgedInBothOrders().build();
    Outcome<Ruling> half = twice.run(QUESTION, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(3)));
    assertThat(half.incomplete()).isEqualTo("budget: calls");
    assertThat(half.verdict().verdicts()).hasSize(1);
    assertThat(half.usage().calls()).isEqualTo(3);
    Outcome<Ruling> speech = twice.run(QUESTION, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1)));
    assertThat(speech.transcript().turns()).extracting(Turn::role).containsExactly(Debate.FIRST);
    assertThat(speech.transcript().usage().calls()).isEqualTo(1);
    Outcome<Ruling> direct =
        DirectJudgement.blind(this::counting)
            .judgedInBothOrders()
            .run(QUESTION, CONTEXT.withBudget(Budget.UNLIMITED.withCalls(1)));
    assertThat(direct.verdict().verdicts()).hasSize(1);
    assertThat(direct.complete()).isFalse();
  }

  @Test
  void simultaneousSpeakersDoNotHearEachOther() {
    honestAgainstLiar().rounds(1).build().run(QUESTION, CONTEXT);
    assertThat(seen.get(1).role()).isEqualTo(Debate.SECOND);
    assertThat(seen.get(1).turns()).isEmpty();
  }

  @Test
  void budgetOfMoneyNeedsPrices() {
    Debate debate = honestAgainstLiar().build();
    assertThatThrownBy(
            () -> debate.run(QUESTION, CONTEXT.withBudget(Budget.UNLIMITED.withMoney(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs prices");
  }

  @Test
  void stopsWhenCancelled() {
    Cancellation cancellation = new Cancellation();
    Agent first =
        (view, context) -> {
          cancellation.cancel();
          return saying("x").act(view, context);
        };
    Debate debate = Debate.between(first, saying("y")).judgedBy(this::counting).build();
    OversightContext context =
        new OversightContext(0, Budget.UNLIMITED, ProgressListener.none(), cancellation);
    assertThatThrownBy(() -> debate.run(QUESTION, context)).isInstanceOf(CancelledException.class);
    assertThat(seen).hasSize(1);
  }

  @Test
  void verdictThatNamesNoOptionIsNoVerdict() {
    Outcome<Ruling> outcome =
        Debate.between(saying("x"), saying("y"))
            .judgedBy((view, context) -> new Verdict.Unparsed("Hm.", ONE))
            .rounds(1)
            .build()
            .run(QUESTION, CONTEXT);
    assertThat(outcome.complete()).isTrue();
    assertThat(outcome.verdict().share("Ada")).isEmpty();
    assertThat(outcome.verdict().verdicts()).hasSize(1);
  }

  @Test
  void needsTwoOptionsAndAJudge() {
    ChoiceQuestion three = ChoiceQuestion.of("q", "?", List.of("a", "b", "c"), 0);
    assertThatThrownBy(() -> honestAgainstLiar().build().run(three, CONTEXT))
        .hasMessageContaining("two options")
        .hasMessageContaining("3");
    DebateBuilder none = Debate.between(saying("x"), saying("y"));
    assertThatThrownBy(none::build).hasMessageContaining("judgedBy");
  }

  @Test
  void consultantArguesForTheAssignedOption() {
    Consultancy consultancy =
        Consultancy.of(saying("<quote>Ada kept the lamp</quote>"), this::counting, 1)
            .interactive(saying("Why?"))
            .withRounds(2);
    Outcome<Ruling> outcome = consultancy.run(QUESTION, CONTEXT);
    assertThat(seen)
        .extracting(View::role)
        .containsExactly("Consultant", "Judge", "Consultant", "Judge");
    assertThat(seen.get(0).instructions()).contains("argue for option B");
    assertThat(seen.get(0).material()).isEqualTo(QUESTION.material());
    assertThat(seen.get(3).instructions()).contains("option B").contains("right or wrong");
    assertThat(seen.get(3).material()).isEmpty();
    assertThat(seen.get(2).turns())
        .extracting(Turn::visible)
        .containsExactly("<v_quote>Ada kept the lamp</v_quote>", "Why?");
    assertThat(outcome.usage().calls()).isEqualTo(4);
    assertThatThrownBy(() -> consultancy.defending(2).run(QUESTION, CONTEXT))
        .hasMessageContaining("index 2");
  }

  @Test
  void directJudgementIsBlindOrInformed() {
    DirectJudgement.blind(this::counting).judgedInBothOrders().run(QUESTION, CONTEXT);
    DirectJudgement.expert(this::counting).run(QUESTION, CONTEXT);
    assertThat(seen).extracting(view -> view.material().size()).containsExactly(0, 0, 1);
    assertThat(seen.get(1).options()).containsExactly("Ben", "Ada");
  }

  @Test
  void swappingRenamesSidesAndLeavesQuotes() {
    assertThat(
            Swap.text(
                "Debater A (and option B, answer A, side (B)) errs: <v_quote>the board preferred"
                    + " Option A</v_quote>. So (A). <u_quote>Debater B</u_quote> <quote>option A"))
        .isEqualTo(
            "Debater B (and option A, answer B, side (A)) errs: <v_quote>the board preferred"
                + " Option A</v_quote>. So (B). <u_quote>Debater B</u_quote> <quote>option A");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Compare options A and B.|Compare options B and A.",
        "Debaters B, and A differ.|Debaters A, and B differ.",
        "Sides A/B: choose option **A** over B.|Sides B/A: choose option **B** over A.",
        "Answer: A|Answer: B",
        "The answer is B.|The answer is A.",
        "The answer is A because it is.|The answer is B because it is.",
        "A's case is weak, and B\u2019s too.|B's case is weak, and A\u2019s too.",
        "Between A and B, [A] holds.|Between B and A, [B] holds.",
        "A man of vitamin A's kind: the answer is A man.|A man of vitamin A's kind: the answer is A man.",
        "The A/B test and Plan B.|The A/B test and Plan B.",
        "Of the options A, B the latter holds.|Of the options B, A the latter holds.",
        "Weigh options B, A.|Weigh options A, B.",
        "Answer B is right, A is wrong.|Answer A is right, B is wrong.",
        "A was there; B wins because B says so.|B was there; A wins because A says so.",
        "For option B, A man came.|For option A, A man came.",
        "A man is here. A series is not. Hepatitis B is ill.|A man is here. A series is not. Hepatitis B is ill."
      })
  void swappingFindsLettersThatNameSides(String said, String swapped) {
    assertThat(Swap.text(said)).isEqualTo(swapped);
    assertThat(Swap.text(swapped)).isEqualTo(said);
  }

  @Test
  void swappingReadsListsOfAnyLength() {
    assertThat(Swap.text("options A" + "/A".repeat(50_000)))
        .isEqualTo("options B" + "/B".repeat(50_000));
    assertThat(Swap.text("option A" + "/A".repeat(50_000)))
        .isEqualTo("option B" + "/B".repeat(50_000));
  }

  @Test
  void consultancyIsJudgedInBothOrders() {
    Judge first =
        (view, context) -> {
          seen.add(view);
          return new Verdict.Decided(view.options().get(0), 0.8, "", ONE);
        };
    Consultancy consultancy =
        Consultancy.of(saying("Option B is right."), first, 1).withRounds(1).judgedInBothOrders();
    Outcome<Ruling> outcome = consultancy.run(QUESTION, CONTEXT);
    assertThat(outcome.verdict().verdicts()).hasSize(2);
    assertThat(outcome.verdict().share("Ada")).hasValue(0.5);
    View swapped = seen.get(2);
    assertThat(swapped.options()).containsExactly("Ben", "Ada");
    assertThat(swapped.turns()).extracting(Turn::visible).containsExactly("Option A is right.");
    assertThat(swapped.instructions()).contains("argues for option A").doesNotContain("option B");
    assertThatThrownBy(() -> consultancy.interactive(saying("Why?")))
        .hasMessageContaining("question.swapped()");
    ChoiceQuestion three = ChoiceQuestion.of("q", "?", List.of("a", "b", "c"), 0);
    assertThatThrownBy(() -> consultancy.run(three, CONTEXT)).hasMessageContaining("two options");
  }
}
