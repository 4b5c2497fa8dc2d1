package org.alignment4j.oversight.quote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuoteVerifierTest {
  private static final String SOURCE =
      "The keeper of the lighthouse\nsaid: \u201cI won\u2019t go.\u201d  Then, at dawn, she left"
          + " for the city by the sea.";
  private static final QuoteVerifier VERIFIER = QuoteVerifier.of(List.of("Other words.", SOURCE));

  @ParameterizedTest
  @ValueSource(strings = {"<QUOTE>", "<quote >", "< Quote>", "<quote class=\"x\">", "<quote\n>"})
  void tagsInOtherWritingAreCheckedToo(String tag) {
    assertThat(VERIFIER.mark(tag + "the keeper stole it</quote>"))
        .isEqualTo("<u_quote>the keeper stole it</u_quote>");
    assertThat(VERIFIER.quotes("1 <2, see " + tag + "keeper of the lighthouse</ QUOTE> left"))
        .extracting(Quote::text)
        .containsExactly("keeper of the lighthouse");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "keeper of the lighthouse",
        "KEEPER of the Lighthouse!",
        "the lighthouse said: \"I won't go\"",
        "the lighthouse\n  said I wont go",
        "keeper of the ... at dawn she left ... city by the sea",
        "keeper of the lighthouse \u2026 at dawn, she",
        "keeper of the [...] at dawn, she"
      })
  void findsWhatIsThere(String quote) {
    assertThat(VERIFIER.check(quote).verified()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "?!",
        "...",
        "the city",
        "eeper of the lighthouse",
        "keeper of the light",
        "she left for the village",
        "at dawn she left ... keeper of the lighthouse",
        "keeper ... of ... the",
        "other words the keeper"
      })
  void doesNotFindWhatIsNotThere(String quote) {
    assertThat(VERIFIER.check(quote).verified()).isFalse();
  }

  @Test
  void anEllipsisOfTheSourceIsQuotedAsItStands() {
    QuoteVerifier verifier = QuoteVerifier.of(List.of("Well... I think so, she said."));
    assertThat(verifier.check("Well... I think so").verified()).isTrue();
    assertThat(verifier.check("Well\u2026 I think").verified()).isTrue();
    assertThat(verifier.check("I... think so").verified()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "it grew by 3.5 percent; it grew by 35 percent",
        "about 1,250 people came; about 1.250 people came",
        "take 1/2 of it; take 12 of it",
        "from 10-15 of May; from 1015 of May",
        "at 7:30 in May; at 730 in May",
        "from 10--15 of May; from 1015 of May",
        "it was .5 percent; it was 5 percent",
        "it was -5 degrees; it was 5 degrees",
        "it was (-5 degrees); it was (5 degrees)",
        "it was -.5 degrees; it was .5 degrees",
        "-40 degrees it was; 40 degrees it was"
      })
  void numbersAreQuotedAsTheyAreWritten(String source, String other) {
    QuoteVerifier verifier = QuoteVerifier.of(List.of("They said: '" + source + "', in 1990."));
    assertThat(verifier.check(source).verified()).isTrue();
    assertThat(verifier.check(source.toUpperCase(Locale.ROOT) + ", in 1990").verified()).isTrue();
    assertThat(verifier.check(other).verified()).isFalse();
    assertThat(QuoteVerifier.of(List.of(other)).check(source).verified()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "as COVID-19 spread on; as COVID19 spread on",
        "it rose -- 5 percent, they say; it rose 5 percent they say",
        "it rose --5 percent; it rose 5 percent",
        "see (5) and #7 there; see 5 and 7 there",
        "they left. 5 people stayed; they left 5 people stayed"
      })
  void signsOfNoNumberAreLeftOut(String source, String quote) {
    assertThat(QuoteVerifier.of(List.of(source)).check(quote).verified()).isTrue();
    assertThat(QuoteVerifier.of(List.of(quote)).check(source).verified()).isTrue();
  }

  @Test
  void marksInAnyWritingAreNotTrusted() {
    assertThat(
            VERIFIER.mark("<V_QUOTE>made up words here</V_QUOTE> < v_quote x='1'>more</v_quote >"))
        .isEqualTo("<u_quote>made up words here</u_quote> <u_quote>more</u_quote>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "see <v_quote she lied| see <quote she lied",
        "<v_quote no <quote>I won't go</quote>| <quote no <v_quote>I won't go</v_quote>",
        "see v_quote>she lied</V_quote| see quote>she lied</quote",
        "see <\u00a0v_quote\u00a0>she lied</v_quote>| see <u_quote>she lied</u_quote>",
        "see <\u200bv_quote>she lied<\u2060/v_quote>| see <u_quote>she lied</u_quote>",
        "see <v\u200b_qu\u00adote>she lied</v_quote\ufeff>| see <u_quote>she lied</u_quote>",
        "see &lt;v\u200b_quote&gt;she lied| see &lt;quote&gt;she lied",
        "so\u00ad\u200bon| so\u00ad\u200bon"
      })
  void marksInBrokenWritingAreTakenOut(String said, String marked) {
    assertThat(VERIFIER.mark(said)).isEqualTo(marked);
    assertThat(VERIFIER.mark(marked)).isEqualTo(marked);
  }

  @Test
  void marksEveryQuoteAndTrustsNoMark() {
    assertThat(
            VERIFIER.mark(
                "So <quote>keeper of the\nlighthouse</quote>, and <v_quote>she never"
                    + " left</v_quote>; <u_quote>at dawn she left</u_quote> <quote>for the city"))
        .isEqualTo(
            "So <v_quote>keeper of the\nlighthouse</v_quote>, and <u_quote>she never"
                + " left</u_quote>; <v_quote>at dawn she left</v_quote> <v_quote>for the"
                + " city</v_quote>");
  }

  @Test
  void withoutSourceNothingIsVerified() {
    assertThat(QuoteVerifier.of(List.of()).check("any words at all").verified()).isFalse();
  }

  @Test
  void similarityIsTheShareOfTrigrams() {
    Quote half = VERIFIER.check("keeper of the city");
    assertThat(half.similarity()).isEqualTo(0.5);
    assertThat(half.verified()).isFalse();
    assertThat(VERIFIER.check("a b c d e f g h").fake()).isTrue();
    assertThat(VERIFIER.check("a b c d e f g").fake()).isFalse();
    assertThat(VERIFIER.check("the lighthouse").similarity()).isEqualTo(1);
    assertThat(VERIFIER.check("thelight").similarity()).isZero();
  }

  /** Each takes minutes where a text is read again from every one of its places. */
  @Test
  void endlessRepliesAreReadOnce() {
    int n = 400_000;
    String signs = "1" + "=".repeat(n) + "1";
    String open = "<" + "\n".repeat(n);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThat(QuoteVerifier.normalise(signs)).isEqualTo(signs);
          assertThat(QuoteVerifier.normalise("a" + "!".repeat(n) + " b")).isEqualTo("a b");
          assertThat(QuoteVerifier.normalise("1" + "!".repeat(n))).isEqualTo("1");
          assertThat(VERIFIER.mark(open)).isEqualTo(open);
          assertThat(VERIFIER.mark(open + "/" + open)).isEqualTo(open + "/" + open);
        });
  }
}
