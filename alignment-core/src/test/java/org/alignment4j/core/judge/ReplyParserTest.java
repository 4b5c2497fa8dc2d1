package org.alignment4j.core.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplyParserTest {

  private static final ReplyParser<String> CHOICE = ReplyParser.choice(List.of("A", "B", "tie"));
  private static final ReplyParser<Double> SCORE = ReplyParser.score(1, 10);
  private static final ReplyParser<Map<String, Object>> OBJECT =
      ReplyParser.object(
          Map.of("answer", FieldKind.TEXT, "sure", FieldKind.BOOLEAN, "score", FieldKind.NUMBER));

  private static <T> Object parse(ReplyParser<T> parser, String text) {
    return parse(parser, text, false);
  }

  private static <T> Object parse(ReplyParser<T> parser, String text, boolean truncated) {
    Parsed<T> parsed = parser.parse(new Reply(text, truncated));
    return parsed instanceof Parsed.Value<T> value
        ? value.value()
        : "NOTHING: " + ((Parsed.Nothing<T>) parsed).problem();
  }

  @Test
  void choicesBindToTheLastVerdict() {
    assertThat(parse(CHOICE, "Good. [[A]]")).isEqualTo("A");
    assertThat(parse(CHOICE, "I reply [[A]] if A is better. Here: [[b]].")).isEqualTo("B");
    assertThat(parse(CHOICE, "[[ Tie ]]\n")).isEqualTo("tie");
    assertThat(parse(CHOICE, " a. \n")).isEqualTo("A");
  }

  @Test
  void anythingElseIsNothing() {
    for (String reply :
        List.of(
            "",
            "   ",
            "A is better",
            "[A]",
            "[[C]]",
            "[[A or B]]",
            "[[A]] no: [[neither]]",
            "A B",
            "[[A\n]]",
            "Answer: A",
            "[[]]")) {
      assertThat(parse(CHOICE, reply)).as(reply).asString().startsWith("NOTHING: it ");
    }
  }

  @Test
  void aTruncatedReplyCountsOnlyWithTheVerdictAtItsEnd() {
    assertThat(parse(CHOICE, "I will say [[A]] or [[B]]. The first ans", true))
        .isEqualTo("NOTHING: it was cut off before its end.");
    assertThat(parse(CHOICE, "So: [[B]]", true)).isEqualTo("B");
    assertThat(parse(CHOICE, "B", true)).isEqualTo("B");
    assertThat(parse(OBJECT, "{\"answer\":\"x\",\"sure\":true,\"score\":1} and then", true))
        .isEqualTo("NOTHING: it was cut off before its end.");
  }

  @Test
  void scoresLieInTheirRange() {
    assertThat(parse(SCORE, "Rating: [[7.5]]")).isEqualTo(7.5);
    assertThat(parse(SCORE, "From [[1]] to [[10]]: [[10]]")).isEqualTo(10.0);
    assertThat(parse(SCORE, "3")).isEqualTo(3.0);
    for (String reply :
        List.of(
            "[[0]]",
            "[[10.01]]",
            "[[-3]]",
            "[[7/10]]",
            "[[seven]]",
            "[[NaN]]",
            "[[1e1]]",
            "7 of 10",
            "[[٣]]")) {
      assertThat(parse(SCORE, reply)).as(reply).asString().startsWith("NOTHING: it");
    }
    assertThatThrownBy(() -> ReplyParser.score(5, 5)).hasMessageContaining("5.0 and 5.0");
    assertThatThrownBy(() -> ReplyParser.score(Double.NaN, 5)).hasMessageContaining("NaN");
  }

  @Test
  void theLastJsonObjectWithTheFieldsCounts() {
    assertThat(
            parse(
                OBJECT,
                "Form {answer}. First {\"answer\":\"no\",\"sure\":false,\"score\":1}, then\n"
                    + "```json\n{\"answer\":\"a } \\\" {\",\"sure\":true,\"score\":2,"
                    + "\"more\":{\"x\":[1,{}]}}\n``` } done"))
        .isEqualTo(Map.of("answer", "a } \" {", "sure", true, "score", 2.0));
  }

  @Test
  void objectsThatLackAFieldOrHaveItTwiceAreNothing() {
    assertThat(parse(OBJECT, "no braces")).isEqualTo("NOTHING: it has no JSON object.");
    assertThat(parse(OBJECT, "{\"answer\":\"x\"")).isEqualTo("NOTHING: it has no JSON object.");
    assertThat(parse(OBJECT, "{'answer':'x','sure':True,'score':1}"))
        .isEqualTo("NOTHING: it has no JSON object.");
    assertThat(parse(OBJECT, "{\"answer\":\"x\",\"sure\":\"true\",\"score\":1}"))
        .isEqualTo("NOTHING: the field \"sure\" of its JSON object is not true or false.");
    assertThat(parse(OBJECT, "{\"answer\":null,\"sure\":true,\"score\":1}"))
        .asString()
        .contains("\"answer\"");
    assertThat(parse(OBJECT, "{\"answer\":\"x\",\"answer\":\"y\",\"sure\":true,\"score\":1}"))
        .asString()
        .startsWith("NOTHING");
  }

  @Test
  void hostileRepliesAreBounded() {
    long before = System.nanoTime();
    assertThat(parse(OBJECT, "{".repeat(200_000))).asString().startsWith("NOTHING");
    assertThat(parse(OBJECT, "{\"a\":".repeat(50_000))).asString().startsWith("NOTHING");
    assertThat(parse(OBJECT, "x".repeat(300_000))).isEqualTo("NOTHING: it is too long.");
    assertThat(parse(CHOICE, "[".repeat(200_000))).asString().startsWith("NOTHING");
    assertThat(System.nanoTime() - before).isLessThan(30_000_000_000L);
  }

  @Test
  void menusThatCannotBeParsedAreRefused() {
    assertThatThrownBy(() -> ReplyParser.choice(List.of("A")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least two");
    assertThatThrownBy(() -> ReplyParser.choice(List.of("A", "a")))
        .hasMessageContaining("'a' occurs twice");
    assertThatThrownBy(() -> ReplyParser.choice(List.of("A", "[B]"))).hasMessageContaining("'[B]'");
    assertThatThrownBy(() -> ReplyParser.object(Map.of())).hasMessageContaining("at least one");
  }

  @Test
  void everyFormShowsAVerdictThatParses() {
    assertThat(parse(CHOICE, CHOICE.form())).isEqualTo("A");
    assertThat(parse(SCORE, SCORE.form())).isEqualTo(10.0);
    assertThat(OBJECT.form()).contains("\"answer\" (a string)");
  }
}
