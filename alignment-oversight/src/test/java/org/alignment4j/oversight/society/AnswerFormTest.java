package org.alignment4j.oversight.society;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.alignment4j.core.judge.Parsed;
import org.alignment4j.core.judge.Reply;
import org.alignment4j.core.judge.ReplyParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerFormTest {
  private static String read(ReplyParser<String> form, String reply) {
    return form.parse(new Reply(reply, false)) instanceof Parsed.Value<String> value
        ? value.value()
        : "none";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "so [[5]]|5",
        "so \\boxed{-1,234.50} it is|-1234.5",
        "[[-7]]|-7",
        "[[\u22127]]|-7",
        "[[1,234]]|1234",
        "[[1.234]]|1.234",
        "[[$1,234,567]]|1234567",
        "[[-$5]]|-5",
        "[[12 %]]|12",
        "[[0.00]]|0",
        "[[-0]]|0",
        "[[100]]|100",
        "[[1]] or rather [[2]]|2",
        "\\boxed{1} or rather [[2]]|2",
        "42|42",
        "[[+3.]]|3"
      })
  void numbersKeepTheirSignAndLoseTheirSeparators(String reply, String value) {
    assertThat(read(AnswerForm.number(), reply)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no idea",
        "it is 5 or so",
        "[[five]]",
        "[[1,23]]",
        "[[1,2345]]",
        "[[5 apples]]",
        "[[1e5]]",
        "[[--5]]",
        "[[]]",
        "[[1]] then [[?]]",
        "\\boxed{7}, no: \\boxed{\\frac{7}{2}}",
        "[[7]], no: [[7",
        "[[0x10]]"
      })
  void whatIsNoBoxedNumberIsNeverGuessed(String reply) {
    assertThat(read(AnswerForm.number(), reply)).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "from 3 and 4 follows -7.|-7",
        "3 - 4 is 7|7",
        "10-3=7|7",
        "10-3|3",
        "it costs $1,234|1234",
        "first 5, then [[6]], not 8|6",
        "none here|none",
        "a version 1.2.3|none"
      })
  void lastNumberServesWhereNoneIsBoxed(String reply, String value) {
    assertThat(read(AnswerForm.number().orLastNumber(), reply)).isEqualTo(value);
  }

  @Test
  void repliesThatWereCutOffCountOnlyByTheirEnd() {
    Parsed<String> early = AnswerForm.number().parse(new Reply("in the form [[5]] we", true));
    assertThat(early).isInstanceOf(Parsed.Nothing.class);
    assertThat(AnswerForm.number().parse(new Reply("thus [[5]]\n", true)))
        .isEqualTo(new Parsed.Value<>("5"));
    assertThat(AnswerForm.number().orLastNumber().parse(new Reply("thus 5 times 4", true)))
        .isInstanceOf(Parsed.Nothing.class);
  }

  @Test
  void textsAreComparedWithoutCaseAndSpacing() {
    assertThat(read(AnswerForm.text(), "It is [[ New   York. ]]")).isEqualTo("new york");
    assertThat(read(AnswerForm.text(), "New York")).isEqualTo("new york");
    assertThat(read(AnswerForm.text(), "New York\nor Rome")).isEqualTo("none");
    assertThat(read(AnswerForm.text(), "[[.]]")).isEqualTo("none");
    assertThatThrownBy(() -> AnswerForm.text().orLastNumber())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("only numbers");
  }

  @Test
  void formsNameTheBrackets() {
    assertThat(AnswerForm.number().form()).contains("[[");
    assertThat(AnswerForm.text().form()).contains("[[");
  }
}
