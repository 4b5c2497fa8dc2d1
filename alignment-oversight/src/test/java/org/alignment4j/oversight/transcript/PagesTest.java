package org.alignment4j.oversight.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.alignment4j.api.model.Message;
import org.alignment4j.api.model.Prompt;
import org.alignment4j.api.model.TokenIds;
import org.alignment4j.api.model.Usage;
import org.alignment4j.api.oversight.Outcome;
import org.alignment4j.api.oversight.Transcript;
import org.alignment4j.api.oversight.Turn;
import org.alignment4j.core.report.Dialogue;
import org.alignment4j.core.report.Dialogue.Contribution;
import org.alignment4j.core.report.Dialogue.Mark;
import org.alignment4j.core.report.Dialogue.Span;
import org.alignment4j.core.report.Report;
import org.alignment4j.oversight.constitution.RevisionChain;
import org.alignment4j.oversight.constitution.RevisionStep;
import org.alignment4j.oversight.decompose.Exchange;
import org.alignment4j.oversight.decompose.QuestionNode;
import org.alignment4j.oversight.decompose.QuestionNode.Manner;
import org.alignment4j.oversight.market.Claim;
import org.alignment4j.oversight.market.MarketResult;
import org.alignment4j.oversight.society.AnswerForm;
import org.alignment4j.oversight.society.ModeratedAnswer;
import org.alignment4j.oversight.society.OpenQuestion;
import org.alignment4j.oversight.society.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of protocols other than debates: what they show, and that every text is shown as text. */
class PagesTest {
  private static final Usage COST = new Usage(2, 30, 0, 10, 0, 0, Duration.ZERO);
  private static final String MARKUP = "<script>alert(1)</script>";

  @TempDir private Path folder;

  private String written(Report page) {
    page.write(folder.resolve("page.html"));
    String html = page.html();
    assertThat(html).doesNotContain("<script>").contains("&lt;script&gt;");
    return html;
  }

  private static Turn turn(String role, int round, String text, boolean valid) {
    return new Turn(role, round, text, "", valid, 1, COST);
  }

  private static Transcript transcript(String question, Turn... turns) {
    return new Transcript(question, List.of(turns));
  }

  private static QuestionNode node(
      String question, int depth, Manner manner, Optional<String> answer, QuestionNode... parts) {
    return new QuestionNode(
        question,
        depth,
        manner,
        List.of(parts),
        0,
        answer,
        List.of(new Exchange("asked " + question, "said " + MARKUP, answer.isPresent(), 2, COST)));
  }

  @Test
  void treeHasEveryQuestionOnceWithItsParts() {
    QuestionNode shared = node("When was it?", 0, Manner.LEAF, Optional.of("1901"));
    QuestionNode left = node("Who " + MARKUP, 1, Manner.COMPOSED, Optional.of("Ada"), shared);
    QuestionNode right = node("Why?", 1, Manner.UNDIVIDED, Optional.empty(), shared);
    QuestionNode root = node("Who, and why?", 2, Manner.COMPOSED, Optional.of("Ada"), left, right);
    Outcome<QuestionNode> outcome = new Outcome<>(root, transcript("?"), COST, "budget: calls");
    Dialogue dialogue = DecompositionPage.dialogue(outcome);
    assertThat(dialogue.contributions())
        .extracting(Contribution::speaker)
        .containsExactly(
            "1  Who, and why?", "1.1  Who " + MARKUP, "1.1.1  When was it?", "1.2  Why?");
    assertThat(dialogue.contributions())
        .extracting(said -> said.spans().get(0).text())
        .containsExactly("Ada\nfrom 1.1, 1.2", "Ada\nfrom 1.1.1", "1901", "unknown\nfrom 1.1.1");
    assertThat(dialogue.contributions().get(3).note())
        .isEqualTo("not divided, form not kept, 2 attempts, 2 calls, 40 tokens");
    assertThat(dialogue.contributions().get(2).hidden()).contains("asked When was it?");
    assertThat(dialogue.facts())
        .containsEntry("questions in the tree", "4")
        .containsEntry("ended early", "budget: calls");
    String html = written(DecompositionPage.page("Trees", List.of(outcome)));
    assertThat(html).contains("<svg").contains(">1.1.1<");
    QuestionNode[] many = new QuestionNode[15];
    for (int i = 0; i < many.length; i++) {
      many[i] = node("part " + i, 0, Manner.LEAF, Optional.of("yes"));
    }
    QuestionNode wide = node("All?", 1, Manner.COMPOSED, Optional.of("yes"), many);
    Outcome<QuestionNode> undrawn = new Outcome<>(wide, transcript("?"), COST, "");
    assertThat(DecompositionPage.page("Wide", List.of(undrawn)).html()).doesNotContain("<svg");
  }

  @Test
  void quotesThatNobodyCheckedAreShownAsTheyAreWritten() {
    String claimed = "He said <v_quote>it is fake</v_quote> " + MARKUP;
    QuestionNode node = node("Is it?", 0, Manner.LEAF, Optional.of(claimed));
    Transcript transcript = transcript("?", turn("A", 0, claimed, true));
    MarketResult market = new MarketResult(List.of(0.5), 0, OptionalDouble.empty(), true);
    ModeratedAnswer answer =
        new ModeratedAnswer(
            Optional.of("5"),
            ModeratedAnswer.Decider.JUDGE,
            Side.NEITHER,
            List.of(),
            1,
            List.of("5"),
            List.of());
    RevisionChain chain =
        new RevisionChain(
            Prompt.text("How?"), Optional.of(claimed), List.of(), RevisionChain.Ending.COMPLETE);
    List<Dialogue> dialogues =
        List.of(
            DecompositionPage.dialogue(new Outcome<>(node, transcript, COST, "")),
            MarketPage.dialogue(
                Claim.of("c", "It is.", true), new Outcome<>(market, transcript, COST, "")),
            ModeratedPage.dialogue(
                OpenQuestion.of("q", "2 + 3?", "5"),
                new Outcome<>(answer, transcript, COST, ""),
                AnswerForm.number()),
            RevisionPage.dialogue(new Outcome<>(chain, transcript, COST, "")));
    assertThat(dialogues)
        .allSatisfy(
            dialogue ->
                assertThat(dialogue.contributions().get(0).spans())
                    .containsExactly(new Span(claimed, Mark.PLAIN)));
  }

  @Test
  void marketShowsPricesBeliefAndTruth() {
    Claim claim = Claim.of("c1", "2 + 2 = 4 " + MARKUP, true);
    MarketResult result =
        new MarketResult(List.of(0.5, 0.8, 0.9), 1, OptionalDouble.of(0.95), true);
    Outcome<MarketResult> outcome =
        new Outcome<>(
            result,
            transcript(
                claim.text(),
                turn("Market maker", 0, "0.123456789", true),
                turn("Adversary", 0, "Count them.", true)),
            COST,
            "");
    Dialogue dialogue = MarketPage.dialogue(claim, outcome);
    assertThat(dialogue.facts())
        .containsEntry("truth", "true")
        .containsEntry("price before any argument", "0.500")
        .containsEntry("last price", "0.900")
        .containsEntry("overseer's belief", "0.950")
        .containsEntry("prices that could not be read", "1");
    assertThat(dialogue.verdict().orElseThrow().good()).isTrue();
    assertThat(dialogue.contributions()).extracting(Contribution::voice).containsExactly(0, 1);
    assertThat(dialogue.contributions().get(0).spans().get(0).text()).isEqualTo("0.123");
    MarketResult none = new MarketResult(List.of(), 0, OptionalDouble.empty(), false);
    Map<Claim, Outcome<MarketResult>> outcomes = new LinkedHashMap<>();
    outcomes.put(claim, outcome);
    Claim other = Claim.of("c2", "1 = 2", false);
    outcomes.put(other, new Outcome<>(none, transcript("1 = 2"), COST, "budget: calls"));
    String html = written(MarketPage.page("Markets", outcomes));
    assertThat(html)
        .contains("The first 1 of 2 markets.")
        .contains("overseer&#39;s belief")
        .contains("Count them.");
    assertThat(MarketPage.dialogue(other, outcomes.get(other)).verdict()).isEmpty();
  }

  @Test
  void moderatedDebateShowsRoundsAndWhoDecided() {
    OpenQuestion question = OpenQuestion.of("q1", "2 + 3? " + MARKUP, "5.0");
    ModeratedAnswer answer =
        new ModeratedAnswer(
            Optional.of("5"),
            ModeratedAnswer.Decider.JUDGE,
            Side.NEITHER,
            List.of(
                List.of(Optional.of("5"), Optional.of("6")),
                List.of(Optional.of("5"), Optional.empty())),
            1,
            List.of("5", "6"),
            List.of(20.0, 30.0));
    Outcome<ModeratedAnswer> outcome =
        new Outcome<>(
            answer,
            transcript(
                question.text(),
                turn("Affirmative side", 0, "It is [[5]].", true),
                turn("Negative side", 0, "No, [[6]].", false)),
            COST,
            "");
    Dialogue dialogue = ModeratedPage.dialogue(question, outcome, AnswerForm.number());
    assertThat(dialogue.facts())
        .containsEntry("decided by", "judge")
        .containsEntry("round 1", "5 against 6")
        .containsEntry("round 2", "5 against none")
        .containsEntry("the judge chose from", "5; 6");
    assertThat(dialogue.verdict().orElseThrow().text()).isEqualTo("right");
    assertThat(dialogue.contributions().get(1).note()).startsWith("form not kept");
    OpenQuestion six = OpenQuestion.of("q2", "3 + 3?", "6");
    assertThat(
            ModeratedPage.dialogue(six, outcome, AnswerForm.number())
                .verdict()
                .orElseThrow()
                .good())
        .isFalse();
    assertThat(
            written(ModeratedPage.page("Debates", Map.of(question, outcome), AnswerForm.number())))
        .contains("It is [[5]].");
  }

  @Test
  void chainShowsPrinciplesAndWhatChanged() {
    RevisionChain chain =
        new RevisionChain(
            Prompt.chat(Message.user("How? " + MARKUP)),
            Optional.of("Like this."),
            List.of(
                new RevisionStep("harm", "It harms.", "Rather not.", true, true),
                new RevisionStep("tone", "Fine.", "Rather not.", false, false)),
            RevisionChain.Ending.NO_CRITIQUE);
    Outcome<RevisionChain> outcome =
        new Outcome<>(
            chain,
            transcript(
                "",
                turn(RevisionChain.ASSISTANT, 0, "Like this.", true),
                turn(RevisionChain.CRITIC, 0, "It harms.", true),
                turn(RevisionChain.REVISER, 0, "Rather not.", true),
                turn(RevisionChain.CRITIC, 1, "Fine.", true),
                turn(RevisionChain.REVISER, 1, "Rather not.", true),
                turn(RevisionChain.CRITIC, 2, "?", false)),
            COST,
            "");
    Dialogue dialogue = RevisionPage.dialogue(outcome);
    String cost = "2 calls, 40 tokens";
    assertThat(dialogue.contributions())
        .extracting(Contribution::note)
        .containsExactly(
            cost,
            "principle harm, " + cost,
            "principle harm, only refuses, " + cost,
            "principle tone, " + cost,
            "principle tone, unchanged, " + cost,
            "form not kept, " + cost);
    assertThat(dialogue.verdict().orElseThrow().text()).isEqualTo("no critique");
    assertThat(dialogue.facts()).containsEntry("changed", "1").containsEntry("only refuse", "1");
    assertThat(written(RevisionPage.page("Chains", List.of(outcome)))).contains("Like this.");
    RevisionChain tokens =
        new RevisionChain(
            new Prompt.Tokens(TokenIds.of(1, 2)),
            Optional.empty(),
            List.of(),
            RevisionChain.Ending.NO_ANSWER);
    assertThat(RevisionPage.dialogue(new Outcome<>(tokens, transcript(""), COST, "")).title())
        .isEqualTo("[1, 2]");
  }
}
