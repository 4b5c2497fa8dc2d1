package org.alignment4j.eval.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alignment4j.api.DataFormatException;
import org.alignment4j.api.ModelExecutionException;
import org.alignment4j.api.model.LikelihoodModel;
import org.alignment4j.core.data.ReadOptions;
import org.alignment4j.core.statistics.Bootstrap;
import org.alignment4j.eval.redteam.AuthorizedTarget;
import org.alignment4j.eval.solve.ScriptedLikelihoods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MembershipAuditTest {

  @TempDir Path folder;

  private static AuthorizedTarget own(LikelihoodModel model) {
    return AuthorizedTarget.of(model, "the tests", "to test the library");
  }

  /** Texts of one form, of which the first half are members, in groups by repetitions. */
  private static List<LabelledText> texts(int count, String... groups) {
    List<LabelledText> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      texts.add(new LabelledText("other " + i, text(i), false, ""));
      for (String group : groups) {
        texts.add(new LabelledText(group + " " + i, text(100_000 + texts.size()), true, group));
      }
    }
    return texts;
  }

  private static String text(int number) {
    return "The Code Of Somebody is " + (char) ('a' + number % 26) + " " + number;
  }

  private static int number(String text) {
    return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
  }

  @Test
  void whatIsLearntByHeartIsFoundAndGuessingIsNot() {
    List<LabelledText> texts = texts(40, "once");
    MembershipReport report =
        MembershipAudit.of(
                own(
                    new ScriptedLikelihoods(
                        (prompt, text) ->
                            (number(text) >= 100_000 ? -2 : -6)
                                - ScriptedLikelihoods.uniform(text, 1)
                                - (text.equals(text.toLowerCase(Locale.ROOT)) ? 3 : 0))),
                texts)
            .run();
    for (String score : List.of("loss", "zlib ratio", "Min-20%", "lower-case ratio")) {
      MembershipResult result = report.result(score, "").orElseThrow();
      assertThat(result.area().value()).as(score).isGreaterThan(0.99);
      assertThat(result.truePositiveRate().value()).as(score).isGreaterThan(0.99);
      assertThat(result.area().n()).isEqualTo(80);
    }
    MembershipReport guessed = MembershipAudit.of(own(ScriptedLikelihoods.random(2)), texts).run();
    MembershipResult loss = guessed.result("loss", "").orElseThrow();
    assertThat(loss.area().contains(0.5)).isTrue();
    assertThat(loss.truePositiveRate().contains(0.05)).isTrue();
    assertThat(guessed.authority().owner()).isEqualTo("the tests");
  }

  @Test
  void aModelThatFindsAllAlikeIsAtChance() {
    MembershipReport report =
        MembershipAudit.of(own(ScriptedLikelihoods.constant()), texts(10, "once"))
            .scores(new MembershipScore.Loss())
            .run();
    assertThat(report.results().get(0).area().value()).isEqualTo(0.5);
    assertThat(report.results().get(0).truePositiveRate().value()).isZero();
  }

  @Test
  void groupsAreComparedWithAllOthersAndDecay() {
    ScriptedLikelihoods model =
        new ScriptedLikelihoods(
            (prompt, text) -> {
              int number = number(text);
              // The numbers of members leave 2 when divided by 3 where they are in the group once.
              double gain = number < 100_000 ? 0 : number % 3 == 2 ? 0.3 : 2;
              return -4 + gain - ScriptedLikelihoods.uniform(text, 5);
            });
    MembershipReport report =
        MembershipAudit.of(own(model), texts(60, "once", "often"))
            .scores(new MembershipScore.Loss())
            .bootstrap(new Bootstrap(1000, 3, 0.9))
            .run();
    List<MembershipResult> decay = report.byGroup("loss");
    assertThat(decay).extracting(MembershipResult::group).containsExactly("once", "often");
    assertThat(decay.get(1).area().value()).isEqualTo(1);
    assertThat(decay.get(1).area().ciLow()).isEqualTo(Math.pow(0.05, 1 / 60.0));
    assertThat(decay.get(1).truePositiveRate().ciLow()).isEqualTo(Math.pow(0.05, 1 / 60.0));
    assertThat(decay.get(0).area().value()).isBetween(0.6, 0.9);
    assertThat(decay.get(0).area().ciLow()).isGreaterThan(0.5);
    assertThat(decay.get(0).area().confidence()).isEqualTo(0.9);
    assertThat(decay.get(0).area().n()).isEqualTo(120);
  }

  @Test
  void aGroupThatHasOthersOfItsOwnIsComparedWithThem() {
    List<LabelledText> texts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      texts.add(new LabelledText("a" + i, "x " + i, true, "short"));
      texts.add(new LabelledText("b" + i, "y " + i, false, "short"));
      texts.add(new LabelledText("c" + i, "z " + i, false, "long"));
    }
    ScriptedLikelihoods model =
        new ScriptedLikelihoods(
            (prompt, text) -> text.startsWith("x") ? -2 : text.startsWith("y") ? -3 : -1);
    MembershipReport report =
        MembershipAudit.of(own(model), texts).scores(new MembershipScore.Loss()).run();
    assertThat(report.result("loss", "").orElseThrow().area().value()).isEqualTo(0.5);
    assertThat(report.result("loss", "short").orElseThrow().area().value()).isEqualTo(1);
  }

  @Test
  void theReferenceTakesOutWhatIsCommon() {
    // Half of all texts are easy for everybody; the target knows members a little better.
    ScriptedLikelihoods.Script common =
        (prompt, text) -> number(text) % 2 == 0 ? -1 : -50 - ScriptedLikelihoods.uniform(text, 3);
    ScriptedLikelihoods target =
        new ScriptedLikelihoods(
            (prompt, text) ->
                common.logProbability(prompt, text) + (number(text) >= 100_000 ? 0.5 : 0));
    MembershipReport report =
        MembershipAudit.of(own(target), texts(30, "once"))
            .scores(new MembershipScore.Loss(), new MembershipScore.ReferenceRatio())
            .reference(new ScriptedLikelihoods(common))
            .run();
    assertThat(report.result("reference ratio", "").orElseThrow().area().value()).isEqualTo(1);
    assertThat(report.result("loss", "").orElseThrow().area().value()).isLessThan(0.8);
  }

  @Test
  void textsAloneMayTellMembersApart() {
    List<LabelledText> dated = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      dated.add(new LabelledText("m" + i, "In 2019 they met, number " + i, true, ""));
      dated.add(new LabelledText("o" + i, "In 2024 they met, number " + (40 + i), false, ""));
    }
    MembershipAudit audit = MembershipAudit.of(own(ScriptedLikelihoods.random(1)), dated);
    assertThat(audit.run().baseline().area().value()).isGreaterThan(0.99);
    assertThat(
            MembershipAudit.of(own(ScriptedLikelihoods.random(1)), texts(80, "once"))
                .run()
                .baseline()
                .area()
                .contains(0.5))
        .isTrue();
  }

  @Test
  void failedAndUndefinedTextsAreCountedNotScored() {
    List<LabelledText> texts = texts(10, "once");
    ScriptedLikelihoods model =
        new ScriptedLikelihoods(
            (prompt, text) -> {
              if (number(text) == 3) {
                throw new ModelExecutionException("out of memory at 3");
              }
              return number(text) == 4 ? Double.NEGATIVE_INFINITY : -1;
            });
    MembershipReport report =
        MembershipAudit.of(own(model), texts).scores(new MembershipScore.Loss()).run();
    assertThat(report.results().get(0).area().n()).isEqualTo(18);
    assertThat(report.results().get(0).area().failed()).isEqualTo(1);
    assertThat(report.results().get(0).area().unscored()).isEqualTo(1);
    assertThat(report.failures()).containsEntry("other 3", "out of memory at 3");
  }

  @Test
  void whatCannotBeMeasuredIsSaidBeforeAnyCall() {
    ScriptedLikelihoods model = ScriptedLikelihoods.constant();
    MembershipAudit audit = MembershipAudit.of(own(model), texts(3, "once"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> audit.scores(new MembershipScore.ReferenceRatio()).run())
        .withMessageContaining("call reference(model)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> audit.scores(new MembershipScore.MinKPlusPlus(0.2)).run())
        .withMessageContaining("use Min-K%");
    assertThatIllegalArgumentException()
        .isThrownBy(audit::scores)
        .withMessageContaining("at least one");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                MembershipAudit.of(
                    AuthorizedTarget.of(() -> "chat", "the tests", "to test"), texts(3, "once")))
        .withMessageContaining("LikelihoodModel but 'chat' is none");
    assertThat(model.calls()).isEmpty();
  }

  @Test
  void textsMustBeOfBothKindsAndEachOnce() {
    LabelledText text = new LabelledText("a", "text", true, "");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> MembershipAudit.of(own(ScriptedLikelihoods.constant()), List.of(text, text)))
        .withMessageContaining("'a' occurs twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MembershipAudit.of(own(ScriptedLikelihoods.constant()), List.of(text)))
        .withMessageContaining("1 of 1 are members");
  }

  private Path file(String content) {
    try {
      return Files.write(
          folder.resolve("texts.jsonl"), content.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void wikiMiaFilesAreRead() {
    List<LabelledText> texts =
        LabelledTexts.read(
            file(
                "{\"input\": \"one\", \"label\": 1}\n"
                    + "{\"input\": \"two\", \"label\": 0, \"group\": \"32\"}\n"));
    assertThat(texts)
        .containsExactly(
            new LabelledText("1", "one", true, ""), new LabelledText("2", "two", false, "32"));
    assertThat(LabelledTexts.of(List.of("a"), List.of("b", "c")))
        .extracting(LabelledText::member)
        .containsExactly(true, false, false);
  }

  @Test
  void brokenFilesSayWhere() {
    String good = "{\"input\": \"one\", \"label\": 1}\n";
    for (String[] broken :
        new String[][] {
          {
            "{\"input\": \"two\", \"label\": 2}\n", "line 2", "label", "must be 1 (trained on) or 0"
          },
          {"{\"input\": \"two\"}\n", "line 2", "label", "required but is missing"},
          {"{\"label\": 0}\n", "line 2", "input", "required but is missing"},
          {"{\"input\": \" \", \"label\": 0}\n", "line 2", "input", "must not be empty"},
          {good, "line 2", "input", "is that of line 1"},
          {"", "texts.jsonl", "label", "1 of 1 have label 1"},
          {"{\"input\": \"\u00e4\", \"label\": 0}\n", "line 2", "", "UTF-8"},
        }) {
      assertThatThrownBy(() -> LabelledTexts.read(file(good + broken[0])))
          .isInstanceOf(DataFormatException.class)
          .hasMessageContaining(broken[1])
          .hasMessageContaining(broken[2])
          .hasMessageContaining(broken[3]);
    }
    assertThatThrownBy(() -> LabelledTexts.read(file("")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("texts.jsonl");
    assertThat(
            LabelledTexts.read(
                    file(good + "{\"input\": \"x\"}\n{\"input\": \"y\", \"label\": 0}\n"),
                    ReadOptions.tolerant())
                .report()
                .skipped())
        .hasSize(1);
  }
}
