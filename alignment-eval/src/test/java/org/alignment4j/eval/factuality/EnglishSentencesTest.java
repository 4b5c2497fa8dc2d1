package org.alignment4j.eval.factuality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnglishSentencesTest {

  private static List<String> sentences(String text) {
    return SentenceSplitter.english().sentences(text);
  }

  @Test
  void cutsAtEndsOfSentencesAndLines() {
    assertThat(sentences("He was born in Oslo. He died in 1990! Why?"))
        .containsExactly("He was born in Oslo.", "He died in 1990!", "Why?");
    assertThat(sentences("First line\n\n- Second line. Third.\r\n"))
        .containsExactly("First line", "- Second line.", "Third.");
    assertThat(sentences(" \n ")).isEmpty();
    assertThat(sentences("")).isEmpty();
  }

  @Test
  void goesOnAfterInitialsAndAbbreviations() {
    assertThat(sentences("J. R. Smith met Dr. Wu. They wrote vol. 3 together."))
        .containsExactly("J. R. Smith met Dr. Wu.", "They wrote vol. 3 together.");
    assertThat(sentences("The prize (cf. St. Olaf) was 3.5 million. It grew."))
        .containsExactly("The prize (cf. St. Olaf) was 3.5 million.", "It grew.");
    assertThat(sentences("He got an A.")).containsExactly("He got an A.");
  }
}
